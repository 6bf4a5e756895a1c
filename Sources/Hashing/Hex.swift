/// Hexadecimal text, always lower case when written, either case when read.
public enum Hex {
    /// The bytes that `text` spells; nil for an odd length or a character that is no hex digit.
    @inlinable
    public static func decode(_ text: some StringProtocol) -> [UInt8]? {
        let digits = text.utf8
        guard digits.count.isMultiple(of: 2) else { return nil }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(digits.count / 2)
        var half: UInt8?
        for digit in digits {
            guard let value = value(of: digit) else { return nil }
            if let high = half {
                bytes.append(high << 4 | value)
                half = nil
            } else {
                half = value
            }
        }
        return bytes
    }

    /// Two digits a byte.
    @inlinable
    public static func encode(_ bytes: some Sequence<UInt8>) -> String {
        var digits: [UInt8] = []
        digits.reserveCapacity(2 * bytes.underestimatedCount)
        for byte in bytes {
            digits.append(digit(byte >> 4))
            digits.append(digit(byte & 15))
        }
        return String(decoding: digits, as: UTF8.self)
    }

    /// The value of one hex digit's ASCII code.
    @inlinable
    public static func value(of digit: UInt8) -> UInt8? {
        // Selections instead of branches: in a hash every second guess of a branch would be wrong.
        let decimal = digit &- 0x30
        let letter = (digit | 0x20) &- 0x61
        let value = decimal < 10 ? decimal : letter &+ 10
        return decimal < 10 || letter < 6 ? value : nil
    }

    /// The ASCII code of a value below 16.
    @inlinable
    public static func digit(_ value: UInt8) -> UInt8 {
        value < 10 ? 0x30 + value : 0x57 + value
    }
}
