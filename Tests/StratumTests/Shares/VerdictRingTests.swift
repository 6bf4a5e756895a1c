import Randomness
import Synchronization
import Testing

@testable import Stratum

@Suite("The ring between a loop and the ledger")
struct VerdictRingTests {
    private func record(_ number: Int) -> ShareRecord {
        ShareRecord(worker: UInt32(number), reason: 0, job: 0, time: 0, weight: 0, difficulty: 0)
    }

    @Test("Records come out in order once flushed, outcomes come back in order, and the capacity bounds what waits")
    func order() {
        let ring = VerdictRing(capacity: 8, wakeLoop: {}, wakeWriter: {})
        var pushed = 0
        var read = 0
        var answered = 0
        var generator = SeededGenerator(seed: 8)
        var settledTotal = 0
        for _ in 0..<5_000 {
            switch Int.random(in: 0..<4, using: &generator) {
            case 0:
                let room = ring.room
                #expect(room == 8 - (pushed - answered))
                #expect(ring.push(record(pushed)) == (room > 0))
                if room > 0 { pushed += 1 }
            case 1:
                ring.flush()
                var batch: [ShareRecord] = []
                let count = ring.read(into: &batch)
                #expect(batch.map(\.worker) == (read..<(read + count)).map(UInt32.init))
                read += count
                #expect(read == pushed)
            case 2 where read > settledTotal:
                let count = Int.random(in: 1...(read - settledTotal), using: &generator)
                ring.settle(count, as: settledTotal.isMultiple(of: 2) ? .stored : .refused)
                settledTotal += count
            default:
                while ring.takeOutcome() != nil { answered += 1 }
                #expect(answered == settledTotal)
            }
        }
        #expect(pushed > 500)
    }

    @Test("The writer does not see what was not flushed, and is woken only for news")
    func flush() {
        let wakes = Wakes()
        let ring = VerdictRing(capacity: 4, wakeLoop: {}, wakeWriter: { wakes.count.wrappingAdd(1, ordering: .relaxed) })
        var batch: [ShareRecord] = []
        _ = ring.push(record(1))
        #expect(ring.read(into: &batch) == 0)
        ring.flush()
        ring.flush()
        #expect(ring.read(into: &batch) == 1)
        #expect(wakes.count.load(ordering: .relaxed) == 1)
        #expect(ring.takeOutcome() == nil)
        ring.settle(1, as: .refused)
        #expect(ring.takeOutcome() == .refused)
    }

    @Test("Two threads, many records")
    func threads() async {
        let ring = VerdictRing(capacity: 1_024, wakeLoop: {}, wakeWriter: {})
        let total = 100_000
        let writer = Task.detached {
            var batch: [ShareRecord] = []
            var next: UInt32 = 0
            while Int(next) < total {
                batch.removeAll(keepingCapacity: true)
                let count = ring.read(into: &batch)
                for record in batch {
                    guard record.worker == next else { return false }
                    next += 1
                }
                if count > 0 { ring.settle(count, as: .stored) } else { await Task.yield() }
            }
            return true
        }
        var pushed = 0
        var answered = 0
        while answered < total {
            while pushed < total, ring.push(record(pushed)) { pushed += 1 }
            ring.flush()
            while ring.takeOutcome() == .stored { answered += 1 }
            if ring.room == 0 { await Task.yield() }
        }
        #expect(await writer.value)
    }
}

private final class Wakes: Sendable {
    let count = Atomic<Int>(0)
}
