/// Reads the usual `mining.submit` line without allocating; anything unusual is left to the JSON reader.
///
/// Members may come in any order, with any white space; ids may be strings, numbers or null. Escapes, characters outside ASCII, unknown members,
/// and parameters that are no strings or not five or six answer nil, which decides nothing about the line.
struct SubmitScanner: ~Escapable {
    private let bytes: Span<UInt8>
    private var position = 0

    @_lifetime(copy bytes)
    private init(_ bytes: Span<UInt8>) {
        self.bytes = bytes
    }

    static func scan(_ line: Span<UInt8>) -> SubmitLine? {
        var scanner = SubmitScanner(line)
        return scanner.message()
    }

    private mutating func message() -> SubmitLine? {
        var line = SubmitLine()
        var seen: UInt8 = 0
        guard take(UInt8(ascii: "{")) else { return nil }
        repeat {
            guard let key = string(), take(UInt8(ascii: ":")) else { return nil }
            let member: UInt8
            switch key.count {
            case 2 where matches(key, "id"):
                guard let id = scalar() else { return nil }
                line.id = ByteRange(id)
                member = 1
            case 6 where matches(key, "method"):
                guard let method = string(), matches(method, "mining.submit") else { return nil }
                member = 2
            case 6 where matches(key, "params"):
                guard parameters(into: &line) else { return nil }
                member = 4
            default: return nil
            }
            guard seen & member == 0 else { return nil }
            seen |= member
        } while take(UInt8(ascii: ","))
        guard take(UInt8(ascii: "}")), position == bytes.count, seen & 6 == 6 else { return nil }
        return line
    }

    private mutating func parameters(into line: inout SubmitLine) -> Bool {
        guard take(UInt8(ascii: "[")), let worker = string() else { return false }
        line.worker = ByteRange(worker)
        guard let job = next() else { return false }
        line.fields.readJob(bytes.extracting(job))
        guard let extranonce2 = next() else { return false }
        line.fields.readExtranonce2(bytes.extracting(extranonce2))
        guard let time = next() else { return false }
        line.fields.readTime(bytes.extracting(time))
        guard let nonce = next() else { return false }
        line.fields.readNonce(bytes.extracting(nonce))
        if take(UInt8(ascii: ",")) {
            guard let versionBits = string() else { return false }
            line.fields.readVersionBits(bytes.extracting(versionBits))
        }
        return take(UInt8(ascii: "]"))
    }

    private mutating func next() -> Range<Int>? {
        guard take(UInt8(ascii: ",")) else { return nil }
        return string()
    }

    // MARK: Tokens

    /// Steps over white space, `byte`, and white space.
    @inline(__always)
    private mutating func take(_ byte: UInt8) -> Bool {
        skipSpace()
        guard position < bytes.count, bytes[position] == byte else { return false }
        position += 1
        skipSpace()
        return true
    }

    @inline(__always)
    private mutating func skipSpace() {
        while position < bytes.count, bytes[position] == 0x20 || bytes[position] == 0x09 { position += 1 }
    }

    /// The inside of a string without escapes, of printable ASCII.
    @inline(__always)
    private mutating func string() -> Range<Int>? {
        guard position < bytes.count, bytes[position] == UInt8(ascii: "\"") else { return nil }
        let start = position + 1
        var index = start
        while index < bytes.count {
            let byte = bytes[index]
            if byte == UInt8(ascii: "\"") {
                position = index + 1
                return start..<index
            }
            guard byte != UInt8(ascii: "\\"), byte >= 0x20, byte < 0x7f else { return nil }
            index += 1
        }
        return nil
    }

    /// A string with its quotes, an integer, or null. Fractions and exponents are rare enough for the JSON reader.
    private mutating func scalar() -> Range<Int>? {
        guard position < bytes.count else { return nil }
        let start = position
        switch bytes[start] {
        case UInt8(ascii: "\""):
            return string().map { start..<($0.upperBound + 1) }
        case UInt8(ascii: "n"):
            guard start + 4 <= bytes.count, matches(start..<(start + 4), "null") else { return nil }
            position = start + 4
            return start..<position
        case UInt8(ascii: "0")...UInt8(ascii: "9"):
            while position < bytes.count, bytes[position] &- 0x30 < 10 { position += 1 }
            // JSON has no leading zeros.
            guard bytes[start] != UInt8(ascii: "0") || position == start + 1 else { return nil }
            return start..<position
        default: return nil
        }
    }

    @inline(__always)
    private func matches(_ range: Range<Int>, _ word: StaticString) -> Bool {
        guard range.count == word.utf8CodeUnitCount else { return false }
        let expected = UnsafeBufferPointer(start: word.utf8Start, count: word.utf8CodeUnitCount)
        for index in 0..<expected.count where bytes[range.lowerBound + index] != expected[index] { return false }
        return true
    }
}
