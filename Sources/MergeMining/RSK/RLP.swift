/// Recursive length prefix: the encoding of RSK's and Ethereum's structures. A value is a byte string or a list of values.
public enum RLP: Hashable, Sendable {
    case string([UInt8])
    case list([RLP])

    /// Deeper nesting than this is refused; an RSK header nests once.
    private static let deepest = 8

    /// Decodes a whole encoding; nil when it is cut short, followed by anything, or nested too deep.
    public init?(bytes: [UInt8]) {
        var rest = bytes[...]
        guard let value = RLP(reading: &rest, depth: 0), rest.isEmpty else { return nil }
        self = value
    }

    private init?(reading bytes: inout ArraySlice<UInt8>, depth: Int) {
        guard depth < RLP.deepest, let first = bytes.popFirst() else { return nil }
        switch first {
        case 0..<0x80:
            self = .string([first])
        case 0x80..<0xc0:
            guard let body = RLP.body(of: first - 0x80, &bytes) else { return nil }
            self = .string(Array(body))
        default:
            guard var body = RLP.body(of: first - 0xc0, &bytes) else { return nil }
            var items: [RLP] = []
            while !body.isEmpty {
                guard let item = RLP(reading: &body, depth: depth + 1) else { return nil }
                items.append(item)
            }
            self = .list(items)
        }
    }

    /// Takes the payload whose length `code` gives: itself below 56, else in `code` − 55 bytes that follow.
    private static func body(of code: UInt8, _ bytes: inout ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
        var length = Int(code)
        if code >= 56 {
            let size = Int(code) - 55
            guard size <= 8, bytes.count >= size, let long = Int(exactly: UInt64(bigEndian: bytes.prefix(size))) else { return nil }
            bytes = bytes.dropFirst(size)
            length = long
        }
        guard length <= bytes.count else { return nil }
        defer { bytes = bytes.dropFirst(length) }
        return bytes.prefix(length)
    }

    public var bytes: [UInt8] {
        switch self {
        case .string(let string):
            string.count == 1 && string[0] < 0x80 ? string : RLP.prefix(string.count, base: 0x80) + string
        case .list(let items):
            RLP.wrap(items.flatMap(\.bytes))
        }
    }

    /// A list of values that are encoded already.
    static func wrap(_ body: [UInt8]) -> [UInt8] { prefix(body.count, base: 0xc0) + body }

    private static func prefix(_ count: Int, base: UInt8) -> [UInt8] {
        if count < 56 { return [base + UInt8(count)] }
        let length = Array(count.bigEndianBytes.drop { $0 == 0 })
        return [base + 55 + UInt8(length.count)] + length
    }

    /// The bytes of a string; nil for a list.
    var string: [UInt8]? {
        guard case .string(let bytes) = self else { return nil }
        return bytes
    }
}
