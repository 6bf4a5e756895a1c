/// What the server asks of the pool behind it. Called on a loop's thread: answers must be quick and must not block.
public protocol StratumHost: Sendable {
    /// Judges a `mining.authorize`; nil refuses the name.
    func authorize(username: String, password: String) -> Authorization?

    /// A share that solves a chain, before its verdict is even stored: a block never waits for the ledger.
    func solved(_ solution: Solution)

    /// A session of this payout group is waiting for a job and none was published; the pool publishes one when it can.
    func wantsJob(group: UInt32)
}

/// An admitted user.
public struct Authorization: Sendable, Equatable {
    /// The pool's handle for (account, worker), which comes back in every ``ShareRecord``.
    public let worker: UInt32
    /// The payout group whose jobs this worker mines; 0 is the shared coinbase.
    public let group: UInt32
    public let account: String
    public let workerName: String
    /// A difficulty that an operator gave this worker: it holds whatever the miner wishes, and variable difficulty is off.
    public let pinnedDifficulty: Double?

    public init(worker: UInt32, group: UInt32, account: String, workerName: String, pinnedDifficulty: Double? = nil) {
        self.worker = worker
        self.group = group
        self.account = account
        self.workerName = workerName
        self.pinnedDifficulty = pinnedDifficulty
    }
}
