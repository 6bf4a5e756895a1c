import Stratum

extension Doctor {
    /// Whether each listener's certificate and key can be used together, and for how long.
    func certificates(at now: UnixTime = .now()) -> [CheckLine] {
        configuration.stratum.enumerated().compactMap { index, listener in
            guard let files = listener.tls else { return nil }
            let key = "stratum[\(index)].tls"
            do throws(TLSError) {
                let context = try TLSContext(certificate: files.certificate, key: files.key)
                let term = CertificateTerm(until: context.end, at: now)
                guard let finding = term.finding(files.certificate, until: context.end) else {
                    return .ok(key, "\(files.certificate) and its key can be used")
                }
                if term == .over { return .failed(key, finding, remedy: CertificateTerm.remedy) }
                return .warned(key, finding, remedy: CertificateTerm.remedy)
            } catch {
                return .failed(key, error.finding, remedy: error.remedy)
            }
        }
    }
}
