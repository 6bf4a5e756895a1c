// Numbers and text, by the grammar of json5.org.

extension JSON5Parser {
    // MARK: Numbers

    mutating func number() throws(JSON5SyntaxError) -> JSON5Value {
        let start = offset
        let negative = next == UInt8(ascii: "-")
        if negative || next == UInt8(ascii: "+") { offset += 1 }
        if take(word: "Infinity") { return .number(negative ? -.infinity : .infinity) }
        if take(word: "NaN") { return .number(.nan) }
        while let byte = next,
            byte < 0x80 && Self.isNamePart(byte) || byte == UInt8(ascii: ".") || Self.isExponentSign(byte, after: bytes[offset - 1])
        {
            // In 0x1e+5 the plus does not belong to the number.
            if byte == UInt8(ascii: "+") || byte == UInt8(ascii: "-"), bytes[start..<offset].contains(UInt8(ascii: "x")) { break }
            offset += 1
        }
        let digits = String(decoding: bytes[start..<offset].drop { $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "+") }, as: UTF8.self)
        guard let magnitude = Self.magnitude(digits) else {
            offset = start
            throw wrong("this is not a number")
        }
        let value = negative ? -magnitude : magnitude
        if let integer = Int64((negative ? "-" : "") + digits) { return .integer(integer) }
        if let integer = Int64(exactly: value), abs(value) < 0x1p53 { return .integer(integer) }
        return .number(value)
    }

    private static func isExponentSign(_ byte: UInt8, after previous: UInt8) -> Bool {
        (byte == UInt8(ascii: "+") || byte == UInt8(ascii: "-")) && previous | 0x20 == UInt8(ascii: "e")
    }

    /// Digits without a sign as a number; nil when they are none by JSON5's grammar.
    private static func magnitude(_ digits: String) -> Double? {
        if digits.hasPrefix("0x") || digits.hasPrefix("0X") {
            let hex = digits.dropFirst(2)
            guard !hex.isEmpty, hex.allSatisfy(\.isHexDigit), hex.count <= 15 else { return nil }
            return UInt64(hex, radix: 16).map { Double($0) }
        }
        let parts = digits.lowercased().split(separator: "e", maxSplits: 1, omittingEmptySubsequences: false)
        let mantissa = parts[0].split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
        let whole = mantissa[0]
        let fraction = mantissa.count > 1 ? mantissa[1] : ""
        let isDigits = { (part: Substring) in part.utf8.allSatisfy { $0 >= 0x30 && $0 <= 0x39 } }
        guard isDigits(whole), isDigits(fraction), !(whole.isEmpty && fraction.isEmpty), whole.count == 1 || !whole.hasPrefix("0") else { return nil }
        var exponent: Substring = "0"
        if parts.count > 1 {
            exponent = parts[1]
            let unsigned = exponent.hasPrefix("+") || exponent.hasPrefix("-") ? exponent.dropFirst() : exponent
            guard !unsigned.isEmpty, isDigits(unsigned) else { return nil }
        }
        return Double("\(whole.isEmpty ? "0" : whole).\(fraction.isEmpty ? "0" : fraction)e\(exponent)")
    }

    // MARK: Text

    mutating func text() throws(JSON5SyntaxError) -> String {
        let unclosed = wrong("this text is never closed with its quote")
        let quote = bytes[offset]
        offset += 1
        var text: [UInt8] = []
        while let byte = next {
            offset += 1
            switch byte {
            case quote: return String(decoding: text, as: UTF8.self)
            case 0x0A, 0x0D: throw unclosed
            case UInt8(ascii: "\\"): try escape(into: &text)
            default: text.append(byte)
            }
        }
        throw unclosed
    }

    private mutating func escape(into text: inout [UInt8]) throws(JSON5SyntaxError) {
        guard let byte = next else { return }
        offset += 1
        switch byte {
        case UInt8(ascii: "n"): text.append(0x0A)
        case UInt8(ascii: "t"): text.append(0x09)
        case UInt8(ascii: "r"): text.append(0x0D)
        case UInt8(ascii: "b"): text.append(0x08)
        case UInt8(ascii: "f"): text.append(0x0C)
        case UInt8(ascii: "v"): text.append(0x0B)
        case UInt8(ascii: "0") where !(next.map { $0 >= 0x30 && $0 <= 0x39 } ?? false): text.append(0)
        case UInt8(ascii: "x"): text.append(contentsOf: Array(String(Unicode.Scalar(UInt8(truncatingIfNeeded: try hex(digits: 2)))).utf8))
        case UInt8(ascii: "u"): text.append(contentsOf: Array(String(try scalar()).utf8))
        case UInt8(ascii: "0")...UInt8(ascii: "9"): throw wrong("a digit cannot be escaped")
        // A line that ends in a backslash goes on in the next one.
        case 0x0A: break
        case 0x0D: _ = take("\n")
        case 0xE2 where next == 0x80 && (peek(1) == 0xA8 || peek(1) == 0xA9): offset += 2
        default: text.append(byte)
        }
    }

    private mutating func hex(digits: Int) throws(JSON5SyntaxError) -> UInt32 {
        guard offset + digits <= bytes.count, bytes[offset..<offset + digits].allSatisfy({ Character(Unicode.Scalar($0)).isHexDigit }),
            let value = UInt32(String(decoding: bytes[offset..<offset + digits], as: UTF8.self), radix: 16)
        else { throw wrong("\(digits) hexadecimal digits should stand here") }
        offset += digits
        return value
    }

    private mutating func scalar() throws(JSON5SyntaxError) -> Unicode.Scalar {
        let start = wrong("this escape is half of a surrogate pair")
        let high = try hex(digits: 4)
        if let scalar = Unicode.Scalar(high) { return scalar }
        guard high < 0xDC00, next == UInt8(ascii: "\\"), peek(1) == UInt8(ascii: "u") else { throw start }
        offset += 2
        let low = try hex(digits: 4)
        guard (0xDC00..<0xE000).contains(low), let scalar = Unicode.Scalar(0x10000 + (high - 0xD800) << 10 + (low - 0xDC00)) else { throw start }
        return scalar
    }
}
