import Glibc

/// The time of a tick, read once.
struct LoopClock: BitwiseCopyable {
    /// Monotonic nanoseconds.
    private(set) var nanoseconds: UInt64 = 0
    /// Unix milliseconds.
    private(set) var unix: Int64 = 0

    /// Monotonic milliseconds.
    var now: Int64 { Int64(nanoseconds / 1_000_000) }
    var unixSeconds: Int64 { unix / 1_000 }

    init() { read() }

    mutating func read() {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        nanoseconds = UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
        clock_gettime(CLOCK_REALTIME, &time)
        unix = Int64(time.tv_sec) * 1_000 + Int64(time.tv_nsec) / 1_000_000
    }
}
