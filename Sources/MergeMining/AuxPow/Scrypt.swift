import COpenSSL
import Hashing

/// scrypt(1024, 1, 1) with the message as password and salt: the proof of work of Litecoin, Dogecoin's parent.
enum Scrypt {
    /// OpenSSL's; zero, which no target refuses, cannot come out: a failure gives the largest number.
    static func hash(_ message: [UInt8]) -> Hash256 {
        var digest = [UInt8](repeating: 0xff, count: 32)
        let text = message.map { CChar(bitPattern: $0) }
        let done = EVP_PBE_scrypt(text, text.count, message, message.count, 1024, 1, 1, 1 << 24, &digest, digest.count)
        guard done == 1 else { return Hash256(number: .max) }
        return Hash256(internalBytes: digest) ?? Hash256(number: .max)
    }
}
