import Synchronization

/// What a miner has done and seen so far.
public struct MinerStatistics: Sendable {
    /// Of all threads, since the start.
    public internal(set) var hashes: UInt64 = 0
    /// Hashes a second, over the last ten seconds or so.
    public internal(set) var hashrate: Double = 0
    public internal(set) var accepted: UInt64 = 0
    public internal(set) var rejected: UInt64 = 0
    /// The pool's words.
    public internal(set) var lastRejection: String?
    /// The share difficulty of the work at hand.
    public internal(set) var difficulty: Double = 0
    /// Whether it is connected and has work.
    public internal(set) var isMining = false
    public internal(set) var connections: UInt64 = 0
    /// Why the last connection ended.
    public internal(set) var lastFailure: String?
}

/// The miner's book, written by its connection's thread, read by anyone.
final class MinerRecord: Sendable {
    private struct State {
        var statistics = MinerStatistics()
        var samples: [(time: ContinuousClock.Instant, hashes: UInt64)] = []
    }

    private let state = Mutex(State())
    private static let sampleCount = 10
    private static let sampleInterval = Duration.seconds(1)

    func update(_ body: (inout MinerStatistics) -> Void) {
        state.withLock { body(&$0.statistics) }
    }

    /// Takes a sample when one is due.
    func sample(hashes: UInt64) {
        state.withLock { state in
            let now = ContinuousClock.now
            if let last = state.samples.last, now - last.time < Self.sampleInterval { return }
            state.samples.append((now, hashes))
            if state.samples.count > Self.sampleCount { state.samples.removeFirst() }
        }
    }

    func statistics(hashes: UInt64) -> MinerStatistics {
        state.withLock { state in
            var statistics = state.statistics
            statistics.hashes = hashes
            if let first = state.samples.first {
                let seconds = (ContinuousClock.now - first.time) / .seconds(1)
                if seconds > 0.1 { statistics.hashrate = Double(hashes - first.hashes) / seconds }
            }
            return statistics
        }
    }
}
