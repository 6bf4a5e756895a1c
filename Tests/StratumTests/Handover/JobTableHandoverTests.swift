import Testing

@testable import Stratum

@Suite("Jobs that change processes")
struct JobTableHandoverTests {
    /// Counted twice, a full table would take no more jobs.
    @Test("a table that was handed over counts its jobs once, and takes new ones when it is full")
    func count() throws {
        var factory = JobFactory()
        let jobs = (0..<4).map { _ in factory.job() }
        var before = JobTable(capacity: 4, pastLimit: 4, retention: 60_000)
        for job in jobs {
            let place = before.insert(job, at: 0)
            let slot = try #require(place)
            before.supersede(slot, at: 1)
        }
        var written = HandoverStream()
        try before.pass(through: &written, jobs: [:])
        var after = JobTable(capacity: 4, pastLimit: 4, retention: 60_000)
        var reading = HandoverStream(reading: written.bytes, sockets: [])
        try after.pass(through: &reading, jobs: Dictionary(uniqueKeysWithValues: jobs.map { ($0.id.value, $0) }))
        let taken = after.count
        #expect(taken == 4)
        let next = factory.job()
        let place = after.insert(next, at: 2)
        #expect(place != nil)
        let (count, found) = (after.count, after.slot(of: next.id.value))
        #expect(count == 4 && found != nil)
    }
}
