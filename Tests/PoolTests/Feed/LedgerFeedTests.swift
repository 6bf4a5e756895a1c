import Stratum
import Synchronization
import Testing

@testable import Pool

@Suite("The way of verdicts to the ledger")
struct LedgerFeedTests {
    private struct DiskFull: Error {}

    private func record(_ worker: UInt32) -> ShareRecord {
        ShareRecord(worker: worker, reason: 0, job: 1, time: 0, weight: 1, difficulty: 1)
    }

    /// Waits for the next outcome without polling the clock: the ring's wake-up raises the signal.
    private func outcome(_ ring: VerdictRing, _ woken: WakeSignal) -> VerdictRing.Outcome {
        while true {
            if let outcome = ring.takeOutcome() { return outcome }
            woken.wait()
        }
    }

    @Test("records of two rings are stored whole and answered in order; a refusal refuses its group only")
    func groups() {
        let stored = Mutex<[UInt32]>([])
        let refuse = Atomic<Bool>(false)
        let feed = LedgerFeed { records in
            if refuse.load(ordering: .relaxed) { throw DiskFull() }
            stored.withLock { $0 += records.map(\.worker) }
        }
        let woken = [WakeSignal(), WakeSignal()]
        let rings = woken.map { woken in VerdictRing(capacity: 8, wakeLoop: { woken.raise() }, wakeWriter: { feed.wake() }) }
        feed.start(rings: rings)

        for worker in 1...5 as ClosedRange<UInt32> { #expect(rings[0].push(record(worker))) }
        rings[0].flush()
        for _ in 1...5 { #expect(outcome(rings[0], woken[0]) == .stored) }
        #expect(rings[1].push(record(9)))
        rings[1].flush()
        #expect(outcome(rings[1], woken[1]) == .stored)
        #expect(stored.withLock { $0 } == [1, 2, 3, 4, 5, 9])

        refuse.store(true, ordering: .relaxed)
        #expect(rings[0].push(record(6)))
        rings[0].flush()
        #expect(outcome(rings[0], woken[0]) == .refused)
        #expect(feed.isFailing)
        refuse.store(false, ordering: .relaxed)
        #expect(rings[0].push(record(7)))
        rings[0].flush()
        #expect(outcome(rings[0], woken[0]) == .stored)
        #expect(!feed.isFailing)
        #expect(stored.withLock { $0 } == [1, 2, 3, 4, 5, 9, 7])
        feed.stop()
    }

    @Test("what waits at the end is stored before the feed stops")
    func stop() {
        let stored = Atomic<Int>(0)
        let feed = LedgerFeed { records in stored.add(records.count, ordering: .relaxed) }
        let ring = VerdictRing(capacity: 64, wakeLoop: {}, wakeWriter: {})
        feed.start(rings: [ring])
        for worker in 0..<50 as Range<UInt32> { #expect(ring.push(record(worker))) }
        ring.flush()
        feed.stop()
        #expect(stored.load(ordering: .relaxed) == 50)
    }
}
