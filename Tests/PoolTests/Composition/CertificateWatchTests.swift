import Certificates
import Stratum
import Testing

@testable import Pool

@Suite struct CertificateWatchTests {
    private func time(afterHours hours: Int64) -> UnixTime { UnixTime(milliseconds: UnixTime.now().milliseconds + hours * 3_600_000) }

    /// At once, once a day, and at once again when another took its place.
    @Test func anExpiredOneIsSpokenOf() throws {
        let files = try TestCertificate(name: "pool", lifetime: -86_400)
        let context = try TLSContext(certificate: files.certificate, key: files.key)
        let watch = CertificateWatch([context])
        let first = watch.dueReminders(at: time(afterHours: 0))
        #expect(first.map(\.isOver) == [true])
        #expect(first.first?.line.hasPrefix("\(files.certificate) has expired on ") == true)
        #expect(watch.dueReminders(at: time(afterHours: 23)).isEmpty)
        #expect(watch.dueReminders(at: time(afterHours: 25)).count == 1)

        try files.write(name: "pool", lifetime: 86_400 * 5)
        try context.reload()
        let renewed = watch.dueReminders(at: time(afterHours: 26))
        #expect(renewed.map(\.isOver) == [false])
        #expect(renewed.first?.line.contains(" ends in 3 d ") == true, "\(renewed)")

        try files.write(name: "pool", lifetime: 86_400 * 90)
        try context.reload()
        #expect(watch.dueReminders(at: time(afterHours: 52)).isEmpty)
    }
}
