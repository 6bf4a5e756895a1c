internal import Glibc

/// The time shares are counted in: wall time that never goes back.
///
/// When the wall clock is set back, ledger time runs on at nine tenths of its pace until the wall clock has caught up. When it is set
/// forward, ledger time follows at once.
struct LedgerClock {
    /// Milliseconds of Unix time.
    private(set) var time: Int64
    private var monotonic: Int64

    /// - Parameters:
    ///   - last: the last time the ledger has on record; 0 when it is new.
    ///   - wall: milliseconds of Unix time.
    ///   - monotonic: milliseconds of a clock that is never set.
    init(last: Int64, wall: Int64, monotonic: Int64) {
        time = max(last, wall)
        self.monotonic = monotonic
    }

    /// A time that is on record after all.
    mutating func reach(_ last: Int64) { time = max(time, last) }

    mutating func advance(wall: Int64, monotonic now: Int64) -> Int64 {
        let elapsed = max(0, now - monotonic)
        // Remainders stay in `monotonic`, or a call every millisecond would never advance.
        let slewed = time + elapsed * 9 / 10
        if wall >= slewed {
            time = wall
            monotonic = now
        } else if slewed > time {
            time = slewed
            monotonic = now
        }
        return time
    }
}

/// Where the ledger reads its clocks.
public struct TimeSource: Sendable {
    /// Milliseconds of Unix time.
    public var wall: @Sendable () -> Int64
    /// Milliseconds of a clock that is never set.
    public var monotonic: @Sendable () -> Int64
    /// Whether a clock that all pools on one database have goes before `wall`: by their own, a pool whose clock is ahead would have the last shares
    /// of every PPLNS window.
    public var yieldsToShared: Bool

    public init(wall: @escaping @Sendable () -> Int64, monotonic: @escaping @Sendable () -> Int64, yieldsToShared: Bool = false) {
        self.wall = wall
        self.monotonic = monotonic
        self.yieldsToShared = yieldsToShared
    }

    /// The system's clocks.
    public static let system = TimeSource(
        wall: { milliseconds(CLOCK_REALTIME) },
        monotonic: { milliseconds(CLOCK_MONOTONIC) },
        yieldsToShared: true
    )

    private static func milliseconds(_ clock: clockid_t) -> Int64 {
        var now = timespec()
        clock_gettime(clock, &now)
        return Int64(now.tv_sec) * 1000 + Int64(now.tv_nsec) / 1_000_000
    }
}
