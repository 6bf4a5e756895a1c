import COpenSSL

/// The independent SHA-256.
enum OpenSSL {
    static func sha256(_ bytes: [UInt8]) -> [UInt8] {
        var digest = [UInt8](repeating: 0, count: 32)
        _ = COpenSSL.SHA256(bytes, bytes.count, &digest)
        return digest
    }

    static func sha256d(_ bytes: [UInt8]) -> [UInt8] { sha256(sha256(bytes)) }
}
