import Stratum

/// Takes up renewed certificates: whatever renews them needs no hook.
struct CertificateWatch: Sendable {
    private let contexts: [TLSContext]
    private let log = Log("stratum")

    init(_ contexts: [TLSContext]) {
        self.contexts = contexts
    }

    /// Looks at the files every minute, for ever; at once returns where there are none.
    func run(every pause: Duration = .seconds(60)) async {
        while !contexts.isEmpty, !Task.isCancelled {
            try? await Task.sleep(for: pause)
            look()
        }
    }

    func look() {
        for context in contexts {
            do throws(TLSError) {
                if try context.reload() { log.info("\(context.certificatePath): the renewed certificate is in use") }
            } catch {
                log.error("the certificate in use stays: \(error)")
            }
        }
    }
}
