/// One judged share as it enters the ledger.
///
/// It carries no time: a share counts in the window that is open when its group is stored, so that windows never go back, whatever the
/// clocks of loops and machines do. The difference is one group's wait, milliseconds.
public struct ShareEntry: BitwiseCopyable, Sendable {
    /// The handle that ``WorkerDirectory/handle(account:worker:)`` gave.
    public var worker: UInt32
    /// 0 for an accepted share, else the number of its reject reason, 1 ..< ``RejectCounts/capacity``.
    public var reason: UInt8
    /// Expected hashes of the share target it was judged by; counts only when accepted.
    public var weight: UInt128
    /// The header hash as a difficulty, for best shares; 0 when it was not hashed.
    public var difficulty: Double

    public init(worker: UInt32, reason: UInt8, weight: UInt128, difficulty: Double) {
        self.worker = worker
        self.reason = reason
        self.weight = weight
        self.difficulty = difficulty
    }
}
