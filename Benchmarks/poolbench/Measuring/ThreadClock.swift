import Glibc

/// The CPU time of the calling thread: what others run meanwhile does not count.
enum ThreadClock {
    static var now: Double {
        var time = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return Double(time.tv_sec) * 1e9 + Double(time.tv_nsec)
    }

    static func nanoseconds(_ work: () -> Void) -> Double {
        let start = now
        work()
        return now - start
    }
}

/// Keeps the compiler from dropping the work behind a value that nobody reads.
@inline(never) @_optimize(none)
func keep<Value>(_ value: Value) {}
