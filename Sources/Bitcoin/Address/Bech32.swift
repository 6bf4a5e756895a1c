/// Bech32 (BIP173) and Bech32m (BIP350): a readable prefix, five-bit letters, a checksum of six.
enum Bech32 {
    /// Which constant the checksum is taken against.
    enum Variant: UInt32 {
        case bech32 = 1
        case bech32m = 0x2bc8_30a3
    }

    private static let alphabet = Array("qpzry9x8gf2tvdw0s3jn54khce6mua7l".utf8)

    /// The prefix in lower case, the five-bit values without the checksum, and the variant.
    static func decode(_ text: String) throws(AddressError.Reason) -> (prefix: String, values: [UInt8], variant: Variant) {
        guard text.utf8.count <= 90 else { throw .tooLong }
        let upper = text.utf8.contains { (0x41...0x5a).contains($0) }
        let lower = text.utf8.contains { (0x61...0x7a).contains($0) }
        guard !(upper && lower) else { throw .mixedCase }
        let letters = text.utf8.map { (0x41...0x5a).contains($0) ? $0 + 0x20 : $0 }
        guard let separator = letters.lastIndex(of: 0x31), separator > 0 else { throw .unknownPrefix("") }
        guard letters.count - separator > 6 else { throw .badChecksum }
        let prefix = Array(letters[..<separator])
        for letter in prefix where !(33...126).contains(letter) { throw .unknownLetter(String(decoding: [letter], as: UTF8.self)) }
        var values: [UInt8] = []
        for letter in letters[(separator + 1)...] {
            guard let value = alphabet.firstIndex(of: letter) else { throw .unknownLetter(String(decoding: [letter], as: UTF8.self)) }
            values.append(UInt8(value))
        }
        guard let variant = Variant(rawValue: polynomial(expand(prefix) + values)) else { throw .badChecksum }
        return (String(decoding: prefix, as: UTF8.self), Array(values.dropLast(6)), variant)
    }

    static func encode(prefix: String, values: [UInt8], variant: Variant) -> String {
        let residue = polynomial(expand(Array(prefix.utf8)) + values + [0, 0, 0, 0, 0, 0]) ^ variant.rawValue
        let checksum = (0..<6).map { UInt8(residue >> UInt32(5 * (5 - $0)) & 31) }
        return prefix + "1" + String(decoding: (values + checksum).map { alphabet[Int($0)] }, as: UTF8.self)
    }

    /// Bytes as five-bit values, the last filled with zero bits.
    static func fiveBits(_ bytes: [UInt8]) -> [UInt8] {
        var values: [UInt8] = []
        var pending: UInt32 = 0
        var bits = 0
        for byte in bytes {
            pending = pending << 8 | UInt32(byte)
            bits += 8
            while bits >= 5 {
                bits -= 5
                values.append(UInt8(pending >> UInt32(bits) & 31))
            }
        }
        if bits > 0 { values.append(UInt8(pending << UInt32(5 - bits) & 31)) }
        return values
    }

    /// Five-bit values as bytes; nil when more than four bits or a one are left over.
    static func eightBits(_ values: some Sequence<UInt8>) -> [UInt8]? {
        var bytes: [UInt8] = []
        var pending: UInt32 = 0
        var bits = 0
        for value in values {
            pending = pending << 5 | UInt32(value)
            bits += 5
            if bits >= 8 {
                bits -= 8
                bytes.append(UInt8(pending >> UInt32(bits) & 0xff))
            }
        }
        guard bits < 5, pending & (1 << UInt32(bits) - 1) == 0 else { return nil }
        return bytes
    }

    private static func expand(_ prefix: [UInt8]) -> [UInt8] {
        prefix.map { $0 >> 5 } + [0] + prefix.map { $0 & 31 }
    }

    private static func polynomial(_ values: [UInt8]) -> UInt32 {
        let generator: [UInt32] = [0x3b6a_57b2, 0x2650_8e6d, 0x1ea1_19fa, 0x3d42_33dd, 0x2a14_62b3]
        var checksum: UInt32 = 1
        for value in values {
            let top = checksum >> 25
            checksum = (checksum & 0x1ff_ffff) << 5 ^ UInt32(value)
            for (bit, term) in generator.enumerated() where top >> UInt32(bit) & 1 == 1 { checksum ^= term }
        }
        return checksum
    }
}
