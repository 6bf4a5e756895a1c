import COpenSSL
import Glibc

/// A certificate that nobody vouches for, and its key, in files that go away with the value.
public final class TestCertificate {
    public let certificate: String
    public let key: String

    /// OpenSSL or the file system refuses.
    struct Failure: Error {}

    /// - Parameter lifetime: seconds until its end, below 0 for one that has ended.
    public init(name: String, lifetime: Int = 3600) throws {
        let stem = "/tmp/motherlode-tls-\(getpid())-\(UInt64.random(in: 0 ... .max))"
        (certificate, key) = (stem + ".crt", stem + ".key")
        try write(name: name, lifetime: lifetime)
    }

    deinit {
        unlink(certificate)
        unlink(key)
    }

    /// Writes another pair into the same files.
    public func write(name: String, lifetime: Int = 3600) throws {
        let pair = try Self.makeKey()
        defer { EVP_PKEY_free(pair) }
        let document = try Self.present(X509_new())
        defer { X509_free(document) }
        X509_set_version(document, 2)
        ASN1_INTEGER_set(X509_get_serialNumber(document), 1)
        X509_gmtime_adj(X509_getm_notBefore(document), min(lifetime, 0) - 60)
        X509_gmtime_adj(X509_getm_notAfter(document), lifetime)
        X509_set_pubkey(document, pair)
        let subject = X509_get_subject_name(document)
        X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_FLAG | 1, Array(name.utf8), Int32(name.utf8.count), -1, 0)
        X509_set_issuer_name(document, subject)
        try Self.require(X509_sign(document, pair, EVP_sha256()) > 0)
        try Self.write(certificate) { PEM_write_bio_X509($0, document) }
        try Self.write(key) { PEM_write_bio_PrivateKey($0, pair, nil, nil, 0, nil, nil) }
    }

    private static func makeKey() throws -> OpaquePointer {
        let context = try present(EVP_PKEY_CTX_new_id(EVP_PKEY_RSA, nil))
        defer { EVP_PKEY_CTX_free(context) }
        var pair: OpaquePointer?
        try require(EVP_PKEY_keygen_init(context) == 1)
        try require(EVP_PKEY_keygen(context, &pair) == 1)
        return try present(pair)
    }

    private static func write(_ path: String, _ body: (OpaquePointer?) -> Int32) throws {
        // Replaced as a whole, as tools that renew certificates do.
        let fresh = path + ".new"
        let file = try present(BIO_new_file(fresh, "w"))
        let written = body(file)
        BIO_free(file)
        try require(written == 1 && rename(fresh, path) == 0)
    }

    private static func require(_ isSo: Bool) throws { if !isSo { throw Failure() } }

    private static func present(_ pointer: OpaquePointer?) throws -> OpaquePointer {
        guard let pointer else { throw Failure() }
        return pointer
    }
}
