import CLinux
import Glibc

/// A moment of the wall clock, milliseconds since 1970.
public struct UnixTime: Comparable, Hashable, Sendable {
    public var milliseconds: Int64

    public init(milliseconds: Int64) {
        self.milliseconds = milliseconds
    }

    public var seconds: Int64 { milliseconds / 1000 }

    public static func now() -> UnixTime {
        UnixTime(milliseconds: linux_nanoseconds(CLOCK_REALTIME) / 1_000_000)
    }

    public static func < (left: UnixTime, right: UnixTime) -> Bool { left.milliseconds < right.milliseconds }

    /// `2026-01-31 23:59:59.123`, UTC.
    var logText: String {
        var calendar = tm()
        var clock = time_t(seconds)
        gmtime_r(&clock, &calendar)
        func padded(_ value: Int, _ width: Int = 2) -> String {
            let digits = String(value)
            return String(repeating: "0", count: max(0, width - digits.count)) + digits
        }
        let day = "\(calendar.tm_year + 1900)-\(padded(Int(calendar.tm_mon) + 1))-\(padded(Int(calendar.tm_mday)))"
        let time = "\(padded(Int(calendar.tm_hour))):\(padded(Int(calendar.tm_min))):\(padded(Int(calendar.tm_sec)))"
        return "\(day) \(time).\(padded(Int(milliseconds % 1000), 3))"
    }
}

/// Nanoseconds of the monotonic clock, which no step of the wall clock moves.
func monotonicNanoseconds() -> UInt64 { UInt64(linux_nanoseconds(CLOCK_MONOTONIC)) }
