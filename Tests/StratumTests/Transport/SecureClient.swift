import COpenSSL
import Testing

/// A miner's side of TLS, which believes any certificate and remembers it.
final class SecureClient {
    static let current = TLS1_2_VERSION...TLS1_3_VERSION

    private let context: OpaquePointer
    private let channel: OpaquePointer
    let version: String
    /// The common name of the server's certificate.
    let name: String

    struct HandshakeFailed: Error {}

    init(fd: Int32, versions: ClosedRange<Int32>) throws {
        context = try #require(SSL_CTX_new(TLS_client_method()))
        channel = try #require(SSL_new(context))
        // Old versions are weak on purpose here.
        SSL_CTX_set_security_level(context, 0)
        SSL_set_security_level(channel, 0)
        SSL_ctrl(channel, SSL_CTRL_SET_MIN_PROTO_VERSION, Int(versions.lowerBound), nil)
        SSL_ctrl(channel, SSL_CTRL_SET_MAX_PROTO_VERSION, Int(versions.upperBound), nil)
        SSL_set_fd(channel, fd)
        guard SSL_connect(channel) == 1 else {
            SSL_free(channel)
            SSL_CTX_free(context)
            throw HandshakeFailed()
        }
        version = String(cString: SSL_get_version(channel))
        let certificate = SSL_get1_peer_certificate(channel)
        var text = [CChar](repeating: 0, count: 64)
        X509_NAME_get_text_by_NID(X509_get_subject_name(certificate), NID_commonName, &text, 64)
        X509_free(certificate)
        name = text.withUnsafeBufferPointer { $0.baseAddress.map { String(cString: $0) } ?? "" }
    }

    deinit {
        SSL_free(channel)
        SSL_CTX_free(context)
    }

    func send(_ bytes: UnsafeRawBufferPointer) -> Int { Int(SSL_write(channel, bytes.baseAddress, Int32(bytes.count))) }
    func receive(_ bytes: UnsafeMutableRawBufferPointer) -> Int { max(0, Int(SSL_read(channel, bytes.baseAddress, Int32(bytes.count)))) }
}
