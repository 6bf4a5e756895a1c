import Stratum
import Synchronization

/// Takes up renewed certificates, so that whatever renews them needs no hook, and says so in time when nothing did.
final class CertificateWatch: Sendable {
    private let contexts: [TLSContext]
    private let log = Log("stratum")
    private let reminders: Mutex<[Reminder?]>

    /// What was last said of a certificate.
    private struct Reminder {
        var end: Int64
        var time: UnixTime
    }

    /// Between two reminders of the same certificate, in milliseconds.
    private static let day: Int64 = 86_400_000

    init(_ contexts: [TLSContext]) {
        self.contexts = contexts
        reminders = Mutex(Array(repeating: nil, count: contexts.count))
    }

    /// Looks at the files at once and every minute, for ever; returns where there are none.
    func run(every pause: Duration = .seconds(60)) async {
        while !contexts.isEmpty, !Task.isCancelled {
            look()
            try? await Task.sleep(for: pause)
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
        for (isOver, line) in dueReminders(at: .now()) { if isOver { log.error(line) } else { log.warning(line) } }
    }

    /// What is to be said now of certificates that end soon or have ended: at once, and then once a day.
    func dueReminders(at now: UnixTime) -> [(isOver: Bool, line: String)] {
        reminders.withLock { reminders in
            contexts.enumerated().compactMap { index, context in
                let end = context.end
                let term = CertificateTerm(until: end, at: now)
                guard let finding = term.finding(context.certificatePath, until: end) else { return nil }
                if let last = reminders[index], last.end == end, now.milliseconds - last.time.milliseconds < Self.day { return nil }
                reminders[index] = Reminder(end: end, time: now)
                return (term == .over, "\(finding); \(CertificateTerm.remedy)")
            }
        }
    }
}
