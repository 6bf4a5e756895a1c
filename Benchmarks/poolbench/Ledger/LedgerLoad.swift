import Accounting
import Dispatch
import Embedded
import Glibc
import Pool
import Stratum

/// A loop's side of the ledger without the loop: pushes shares as fast as they are stored.
final class LedgerLoad {
    /// What a stretch of time came to.
    struct Window {
        var seconds = 0.0
        var stored = 0
        var refused = 0
        /// CPU seconds of all but the thread that pushes.
        var cpu = 0.0
        var latency = LatencyHistogram()
    }

    /// Shares of one tick.
    private static let tick = 256

    private let folder: TemporaryFolder
    private let ledger: Ledger
    private let feed: LedgerFeed
    private let ring: VerdictRing
    private let bell = DispatchSemaphore(value: 0)
    private let handles: [UInt32]
    private var random = SplitMix64(seed: 300_000)
    /// When each tick under way was pushed, oldest first.
    private var pushedAt: [UInt64] = []
    private var firstTick = 0
    private var taken = 0

    init(durability: Durability, workers: Int, folder parent: String) throws {
        folder = try TemporaryFolder(in: parent)
        let ledger = try Ledger(LedgerSettings(dataFolder: folder.path, durability: durability))
        self.ledger = ledger
        handles = try (0..<workers).map { number in
            guard let handle = ledger.workers.handle(account: "account\(number % 500)", worker: "w\(number)") else {
                throw LoadFailure(description: "the ledger's directory is full")
            }
            return handle
        }
        let feed = LedgerFeed { records in try ledger.append(records.map { ShareEntry($0) }) }
        self.feed = feed
        let bell = bell
        ring = VerdictRing(capacity: 1 << 16, wakeLoop: { bell.signal() }, wakeWriter: { feed.wake() })
        feed.start(rings: [ring])
    }

    @discardableResult
    func run(seconds: Double) -> Window {
        var window = Window()
        let start = MonotonicClock.now
        let (process, thread) = (ProcessUse.cpu(of: getpid()) ?? 0, ThreadClock.now)
        while MonotonicClock.now - start < UInt64(seconds * 1e9) {
            while ring.room >= Self.tick { push() }
            bell.wait()
            take(into: &window)
        }
        window.seconds = Double(MonotonicClock.now - start) / 1e9
        window.cpu = (ProcessUse.cpu(of: getpid()) ?? 0) - process - (ThreadClock.now - thread) / 1e9
        return window
    }

    private func push() {
        for _ in 0..<Self.tick {
            let worker = handles[Int(truncatingIfNeeded: random.next() >> 33) % handles.count]
            _ = ring.push(ShareRecord(worker: worker, reason: 0, job: 1, time: 0, weight: 4_295_032_833, difficulty: 1.5))
        }
        pushedAt.append(MonotonicClock.now)
        ring.flush()
    }

    private func take(into window: inout Window) {
        let now = MonotonicClock.now
        while let outcome = ring.takeOutcome() {
            if outcome == .stored { window.stored += 1 } else { window.refused += 1 }
            taken += 1
            guard taken == Self.tick else { continue }
            taken = 0
            window.latency.add(now - pushedAt[firstTick])
            firstTick += 1
        }
        if firstTick > 4_096 {
            pushedAt.removeFirst(firstTick)
            firstTick = 0
        }
    }

    func close() throws {
        feed.stop()
        try ledger.close()
    }
}
