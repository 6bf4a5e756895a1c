/// What one commit makes durable: the shares of a group, summed by worker.
struct ShareGroup: Equatable, Sendable {
    /// Accepted shares of one worker.
    struct Credit: Equatable, Sendable {
        var worker: UInt32
        var count: UInt64
        var weight: UInt128
        /// The highest difficulty among them.
        var best: Double
    }

    /// Refused shares of one worker for one reason.
    struct Refusal: Equatable, Sendable {
        var worker: UInt32
        var reason: UInt8
        var count: UInt64
    }

    /// 1, 2, 3 … through the whole life of a ledger.
    var sequence: UInt64
    /// Ledger time, milliseconds of Unix time; never less than the group's before.
    var time: Int64
    var credits: [Credit] = []
    var refusals: [Refusal] = []

    /// The start of the minute its shares count in, Unix seconds.
    var window: Int64 { ShareWindow.start(of: time) }
}

/// The first span shares are kept in.
enum ShareWindow {
    /// Seconds.
    static let span: Int64 = 60

    /// - Parameter time: milliseconds of Unix time.
    static func start(of time: Int64) -> Int64 { time / 1000 / span * span }
}
