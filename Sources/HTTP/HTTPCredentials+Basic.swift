extension HTTPCredentials {
    /// The value of an `Authorization` header that says user and password (RFC 7617). It holds the password: not for a log.
    public var basicAuthorization: String { "Basic " + Self.base64("\(user):\(password)") }

    /// Base64 with padding (RFC 4648).
    private static func base64(_ text: String) -> String {
        let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
        let bytes = Array(text.utf8)
        var digits: [UInt8] = []
        for start in stride(from: 0, to: bytes.count, by: 3) {
            let group = bytes[start..<min(start + 3, bytes.count)]
            let number = group.reduce(0) { $0 << 8 | Int($1) } << (8 * (3 - group.count))
            for index in 0..<4 { digits.append(index <= group.count ? alphabet[number >> (18 - 6 * index) & 63] : UInt8(ascii: "=")) }
        }
        return String(decoding: digits, as: UTF8.self)
    }
}
