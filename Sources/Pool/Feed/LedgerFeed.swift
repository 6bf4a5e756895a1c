import CLinux
import Glibc
import HTTP
package import Stratum
import Synchronization

/// Carries the loops' verdicts to the ledger and the outcomes back: the one writer.
///
/// It commits as soon as the previous commit has returned and something waits, so groups grow with load and no share waits for a timer. It
/// runs on a thread of its own because a commit blocks on the disk.
///
/// `@unchecked Sendable` holds because `rings` is set once, before that thread begins; all else that two threads touch is atomic or behind the
/// semaphore.
package final class LedgerFeed: @unchecked Sendable {
    /// Stores a group of records; returns when they are synced.
    package typealias Store = @Sendable ([ShareRecord]) throws -> Void

    private let store: Store
    private var rings: [VerdictRing] = []
    private let signal = WakeSignal()
    private let stopping = Atomic<Bool>(false)
    private let finished = WakeSignal()
    private let waiting = Atomic<Int>(0)
    private let failing = Atomic<Bool>(false)
    /// How long a group takes to be on the disk.
    let commits = LatencyHistogram()
    private let log = Log("ledger")

    package init(store: @escaping Store) {
        self.store = store
    }

    /// What a ring calls when records wait.
    package func wake() { signal.raise() }

    /// Records read from the rings and not yet decided.
    var pending: Int { waiting.load(ordering: .relaxed) }

    /// True while the store refuses shares.
    var isFailing: Bool { failing.load(ordering: .relaxed) }

    package func start(rings: [VerdictRing]) {
        self.rings = rings
        if !BackgroundThread.start(named: "ledger", { [self] in run() }) { log.error("no thread can be started") }
    }

    /// Stores what the rings still hold, then returns.
    package func stop() {
        stopping.store(true, ordering: .releasing)
        signal.raise()
        finished.wait()
    }

    private func run() {
        var batch: [ShareRecord] = []
        var counts = [Int](repeating: 0, count: rings.count)
        while true {
            signal.wait()
            let last = stopping.load(ordering: .acquiring)
            while true {
                batch.removeAll(keepingCapacity: true)
                for index in rings.indices { counts[index] = rings[index].read(into: &batch) }
                if batch.isEmpty { break }
                waiting.store(batch.count, ordering: .relaxed)
                let outcome = commit(batch)
                for index in rings.indices where counts[index] > 0 { rings[index].settle(counts[index], as: outcome) }
                waiting.store(0, ordering: .relaxed)
            }
            if last { break }
        }
        finished.raise()
    }

    private func commit(_ batch: [ShareRecord]) -> VerdictRing.Outcome {
        do {
            try commits.time { try store(batch) }
            if failing.exchange(false, ordering: .relaxed) { log.info("shares are stored again") }
            return .stored
        } catch {
            if !failing.exchange(true, ordering: .relaxed) { log.error("shares are refused until they can be stored: \(error)") }
            return .refused
        }
    }
}
