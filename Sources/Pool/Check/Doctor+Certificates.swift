import Stratum

extension Doctor {
    /// Whether each listener's certificate and key can be used together.
    var certificates: [CheckLine] {
        configuration.stratum.enumerated().compactMap { index, listener in
            guard let files = listener.tls else { return nil }
            let key = "stratum[\(index)].tls"
            do throws(TLSError) {
                _ = try TLSContext(certificate: files.certificate, key: files.key)
                return .ok(key, "\(files.certificate) and its key can be used")
            } catch {
                return .failed(key, error.finding, remedy: error.remedy)
            }
        }
    }
}
