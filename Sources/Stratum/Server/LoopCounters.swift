import Synchronization

/// One loop's figures as it counts them: plain numbers, no lock.
struct Tally: Sendable, BitwiseCopyable {
    var opened: UInt64 = 0
    var open: UInt64 = 0
    var working: UInt64 = 0
    var secured: UInt64 = 0
    var accepted: UInt64 = 0
    private var rejected = InlineArray<16, UInt64>(repeating: 0)
    private var disconnected = InlineArray<16, UInt64>(repeating: 0)
    var bytesRead: UInt64 = 0
    var bytesWritten: UInt64 = 0
    var judged: UInt64 = 0
    var lanes: UInt64 = 0
    var solved: UInt64 = 0
    var pending: UInt64 = 0
    var blocked: UInt64 = 0
    var bans: UInt64 = 0

    mutating func count(_ reason: RejectReason) { rejected[Int(reason.rawValue) & 15] += 1 }
    mutating func count(_ reason: DisconnectReason) { disconnected[Int(reason.rawValue) & 15] += 1 }

    /// Adds this loop's figures to those of others.
    func add(to sum: inout StratumCounters) {
        sum.opened += opened
        sum.connections += open
        sum.working += working
        sum.secured += secured
        sum.accepted += accepted
        for reason in RejectReason.allCases { sum.rejected[reason, default: 0] += rejected[Int(reason.rawValue) & 15] }
        for reason in DisconnectReason.allCases { sum.disconnected[reason, default: 0] += disconnected[Int(reason.rawValue) & 15] }
        sum.bytesRead += bytesRead
        sum.bytesWritten += bytesWritten
        sum.judged += judged
        sum.lanes += lanes
        sum.solved += solved
        sum.pending += pending
        sum.blocked += blocked
        sum.bans += bans
    }
}

/// Where a loop leaves its figures once a tick, for others to read without stopping it.
final class LoopCounters: Sendable {
    private let shown = Mutex(Tally())

    func show(_ tally: Tally) { shown.withLock { $0 = tally } }
    func add(to sum: inout StratumCounters) { shown.withLock { $0 }.add(to: &sum) }
}
