/// What the server asks of the pool behind it. Called on a loop's thread: answers must be quick and must not block.
public protocol StratumHost: Sendable {
    /// Judges a `mining.authorize`; nil refuses the name.
    func authorize(username: String, password: String) -> Authorization?

    /// A share that solves a chain, before its verdict is even stored: a block never waits for the ledger.
    func solved(_ solution: Solution)

    /// The handle of a worker that the process before this one admitted; nil where it may not go on.
    func readmit(_ former: Authorization) -> UInt32?

    /// A connection no longer speaks for a worker that it was admitted as. Each admission ends so, once.
    /// - Parameter isOnRecord: the connection submitted a share: the handle is, or will be, in the ledger's books.
    func dismiss(_ authorization: Authorization, isOnRecord: Bool)

    /// An address was banned for what came from it.
    /// - Parameter reason: why the last of its connections was ended.
    func banned(_ address: SocketAddress, reason: DisconnectReason)

    /// This payout group has its first miner on a loop: the pool publishes a job for it when it can, unless it does so anyway.
    func wantsJob(group: UInt32)
}

extension StratumHost {
    /// A host that takes nothing over knows nobody.
    public func readmit(_ former: Authorization) -> UInt32? { nil }

    public func banned(_ address: SocketAddress, reason: DisconnectReason) {}

    /// A host whose handles are never given anew need not know.
    public func dismiss(_ authorization: Authorization, isOnRecord: Bool) {}
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

    /// The same with another handle.
    init(_ other: Authorization, worker: UInt32) {
        self.init(
            worker: worker,
            group: other.group,
            account: other.account,
            workerName: other.workerName,
            pinnedDifficulty: other.pinnedDifficulty
        )
    }
}
