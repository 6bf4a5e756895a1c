internal import COpenSSL
internal import Glibc
import Synchronization

/// A listener's certificate and key, from which its connections' encryption is made. TLS 1.2 or later.
public final class TLSContext: Sendable {
    public let certificatePath: String
    public let keyPath: String
    private let current: Mutex<Loaded>

    /// A loaded pair. OpenSSL counts the references to its context itself, by atomic means; one is ours.
    private struct Loaded: @unchecked Sendable {
        let context: OpaquePointer
        let stamp: [Stamp]
        let end: Int64
    }

    /// What changes when a file is replaced.
    private struct Stamp: Equatable {
        var inode: UInt64
        var size: Int
        var seconds: Int
        var nanoseconds: Int

        init?(_ path: String) {
            var status = stat()
            guard stat(path, &status) == 0 else { return nil }
            inode = UInt64(status.st_ino)
            size = Int(status.st_size)
            seconds = status.st_mtim.tv_sec
            nanoseconds = status.st_mtim.tv_nsec
        }
    }

    public init(certificate: String, key: String) throws(TLSError) {
        certificatePath = certificate
        keyPath = key
        current = Mutex(try Self.load(certificate, key))
        // OpenSSL writes to its socket without MSG_NOSIGNAL: a miner that went away would end the process.
        signal(SIGPIPE, SIG_IGN)
    }

    deinit {
        let context = current.withLock { $0.context }
        SSL_CTX_free(context)
    }

    /// Reads both files again if one of them is another than it was. Connections that are open keep what they have; after an error everything
    /// stays as it is.
    /// - Returns: whether there was anything new.
    @discardableResult
    public func reload() throws(TLSError) -> Bool {
        let stamp = Self.stamps(certificatePath, keyPath)
        guard current.withLock({ $0.stamp != stamp }) else { return false }
        let loaded = try Self.load(certificatePath, keyPath)
        let former = current.withLock { current in
            defer { current = loaded }
            return current.context
        }
        SSL_CTX_free(former)
        return true
    }

    /// When the certificate in use ends, Unix seconds: its own end, for one of its chain may have ended and another path be valid.
    public var end: Int64 { current.withLock { $0.end } }

    /// A new connection's side of the handshake; nil when memory is short.
    func makeChannel(on fd: Int32) -> SecureChannel? {
        current.withLock { SecureChannel($0.context, fd: fd) }
    }

    private static func stamps(_ paths: String...) -> [Stamp] { paths.compactMap { Stamp($0) } }

    private static func load(_ certificate: String, _ key: String) throws(TLSError) -> Loaded {
        let stamp = stamps(certificate, key)
        guard let context = SSL_CTX_new(TLS_server_method()) else { throw .library(lastError()) }
        // The macros behind SSL_CTX_set_min_proto_version and SSL_CTX_set_mode.
        SSL_CTX_ctrl(context, SSL_CTRL_SET_MIN_PROTO_VERSION, Int(TLS1_2_VERSION), nil)
        let modes = SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER | SSL_MODE_RELEASE_BUFFERS
        SSL_CTX_ctrl(context, SSL_CTRL_MODE, Int(modes), nil)
        // A miner never needs a second handshake, and it costs its server more than itself.
        SSL_CTX_set_options(context, UInt64(1) << 30)
        do throws(TLSError) {
            guard SSL_CTX_use_certificate_chain_file(context, certificate) == 1 else { throw .certificate(path: certificate, lastError()) }
            guard SSL_CTX_use_PrivateKey_file(context, key, SSL_FILETYPE_PEM) == 1 else { throw .key(path: key, lastError()) }
            guard SSL_CTX_check_private_key(context) == 1 else { throw .mismatch(certificate: certificate, key: key) }
        } catch {
            SSL_CTX_free(context)
            throw error
        }
        return Loaded(context: context, stamp: stamp, end: end(of: context))
    }

    private static func end(of context: OpaquePointer) -> Int64 {
        var calendar = tm()
        // A certificate whose end is no time has none that could be told.
        guard let certificate = SSL_CTX_get0_certificate(context), ASN1_TIME_to_tm(X509_get0_notAfter(certificate), &calendar) == 1 else {
            return .max
        }
        return Int64(timegm(&calendar))
    }

    private static func lastError() -> String {
        defer { ERR_clear_error() }
        guard let words = ERR_reason_error_string(ERR_get_error()) else { return "it cannot be read" }
        return String(cString: words)
    }
}

/// Why a certificate or key cannot be used.
public enum TLSError: Error, Hashable, Sendable {
    case certificate(path: String, String)
    case key(path: String, String)
    /// The key is another certificate's.
    case mismatch(certificate: String, key: String)
    case library(String)
}

extension TLSError: CustomStringConvertible {
    /// What was found, one line.
    public var finding: String {
        switch self {
        case .certificate(let path, let words): "certificate \(path): \(words)"
        case .key(let path, let words): "key \(path): \(words)"
        case .mismatch(let certificate, let key): "\(key) is not the key of \(certificate)"
        case .library(let words): "OpenSSL: \(words)"
        }
    }

    /// What a person can do about it.
    public var remedy: String {
        switch self {
        case .certificate: "name a PEM file with the certificate and its chain"
        case .key: "name a PEM file that the pool's user can read"
        case .mismatch: "name the two files of one pair"
        case .library: "see that libssl is installed whole"
        }
    }

    public var description: String { "\(finding); \(remedy)" }
}
