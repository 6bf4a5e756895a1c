/// The header by which a proxy tells whom it speaks for (the PROXY protocol of HAProxy, versions 1 and 2).
///
/// Neither version's first byte can begin a line of Stratum or a TLS handshake, so nothing has to be guessed.
enum ProxyHeader {
    enum Reading: Equatable {
        /// The bytes begin otherwise.
        case none
        /// More bytes must come.
        case incomplete
        /// The header's length, and the address it names; nil where it speaks for itself or for an unknown kind of address.
        case header(length: Int, source: SocketAddress?)
        case malformed
    }

    /// No header is longer: what version 2 may add behind the addresses is not used here, and a proxy of ours sends little of it.
    static let limit = 1_024

    static func read(_ bytes: Span<UInt8>) -> Reading {
        if begins(bytes, with: signature) { return readBinary(bytes) }
        if begins(bytes, with: word) { return readText(bytes) }
        return .none
    }

    /// Whether the bytes, as far as there are any, are those of the mark.
    private static func begins(_ bytes: Span<UInt8>, with mark: StaticString) -> Bool {
        guard !bytes.isEmpty else { return false }
        for index in 0..<min(bytes.count, mark.utf8CodeUnitCount) where bytes[index] != mark.utf8Start[index] { return false }
        return true
    }

    // MARK: Version 1

    private static let word: StaticString = "PROXY "
    /// `PROXY TCP6` with the two longest addresses and ports, and its line's end.
    private static let lineLimit = 107

    private static func readText(_ bytes: Span<UInt8>) -> Reading {
        var end = 0
        while end < min(bytes.count, lineLimit), bytes[end] != 0x0A { end += 1 }
        guard end < min(bytes.count, lineLimit) else { return end == lineLimit ? .malformed : .incomplete }
        guard bytes[end - 1] == 0x0D else { return .malformed }
        var line: [UInt8] = []
        for index in 0..<(end - 1) { line.append(bytes[index]) }
        guard let text = String(validating: line, as: UTF8.self) else { return .malformed }
        let fields = text.split(separator: " ", omittingEmptySubsequences: false)
        if fields.count >= 2, fields[1] == "UNKNOWN" { return .header(length: end + 1, source: nil) }
        guard fields.count == 6, fields[1] == "TCP4" || fields[1] == "TCP6", let port = UInt16(fields[4]), UInt16(fields[5]) != nil,
            let source = SocketAddress(numeric: String(fields[2]), port: port), SocketAddress(numeric: String(fields[3]), port: 0) != nil
        else { return .malformed }
        return .header(length: end + 1, source: source)
    }

    // MARK: Version 2

    private static let signature: StaticString = "\r\n\r\n\0\r\nQUIT\n"
    private static let fixedSize = 16

    private static func readBinary(_ bytes: Span<UInt8>) -> Reading {
        guard bytes.count >= fixedSize else { return .incomplete }
        let (command, family) = (bytes[12], bytes[13])
        let length = fixedSize + (Int(bytes[14]) << 8 | Int(bytes[15]))
        guard command >> 4 == 2, command & 15 <= 1, length <= limit else { return .malformed }
        guard bytes.count >= length else { return .incomplete }
        // LOCAL: the proxy itself, checking whether we are well.
        if command & 15 == 0 { return .header(length: length, source: nil) }
        switch family {
        case 0x11:
            guard length >= fixedSize + 12 else { return .malformed }
            let number = 0xffff_0000_0000 | number(bytes, 16, count: 4)
            return .header(length: length, source: SocketAddress(bytes: number, port: port(bytes, 24), isIPv6: false))
        case 0x21:
            guard length >= fixedSize + 36 else { return .malformed }
            let number = number(bytes, 16, count: 16)
            return .header(length: length, source: SocketAddress(bytes: number, port: port(bytes, 48), isIPv6: number >> 32 != 0xffff))
        default: return .header(length: length, source: nil)
        }
    }

    private static func number(_ bytes: Span<UInt8>, _ start: Int, count: Int) -> UInt128 {
        var number: UInt128 = 0
        for index in start..<(start + count) { number = number << 8 | UInt128(bytes[index]) }
        return number
    }

    private static func port(_ bytes: Span<UInt8>, _ start: Int) -> UInt16 { UInt16(bytes[start]) << 8 | UInt16(bytes[start + 1]) }
}
