import Hashing

/// Base58Check: bytes with a four-byte checksum, in 58 letters that are not mistaken for each other.
enum Base58 {
    private static let alphabet = Array("123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz".utf8)

    /// The bytes behind `text` without their checksum.
    static func decodeChecked(_ text: String) throws(AddressError.Reason) -> [UInt8] {
        // A version byte, twenty more and the checksum never take more than 35 letters; what is longer is not worth the quadratic work.
        guard text.utf8.count <= 64 else { throw .tooLong }
        var bytes: [UInt8] = []
        for letter in text.utf8 {
            guard let digit = alphabet.firstIndex(of: letter) else { throw .unknownLetter(String(decoding: [letter], as: UTF8.self)) }
            var carry = digit
            for index in bytes.indices {
                carry += 58 * Int(bytes[index])
                bytes[index] = UInt8(carry & 0xff)
                carry >>= 8
            }
            if carry > 0 { bytes.append(UInt8(carry)) }
        }
        bytes += text.utf8.prefix { $0 == alphabet[0] }.map { _ in 0 }
        bytes.reverse()
        guard bytes.count > 4 else { throw .badChecksum }
        let payload = Array(bytes.dropLast(4))
        guard Array(bytes.suffix(4)) == checksum(payload) else { throw .badChecksum }
        return payload
    }

    static func encodeChecked(_ payload: [UInt8]) -> String {
        var digits: [UInt8] = []
        for byte in payload + checksum(payload) {
            var carry = Int(byte)
            for index in digits.indices {
                carry += 256 * Int(digits[index])
                digits[index] = UInt8(carry % 58)
                carry /= 58
            }
            while carry > 0 {
                digits.append(UInt8(carry % 58))
                carry /= 58
            }
        }
        digits += payload.prefix { $0 == 0 }
        return String(decoding: digits.reversed().map { alphabet[Int($0)] }, as: UTF8.self)
    }

    private static func checksum(_ payload: [UInt8]) -> [UInt8] {
        Array(Hash256.sha256d(payload.span).internalBytes.prefix(4))
    }
}
