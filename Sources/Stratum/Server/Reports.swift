/// A connection as `poolctl miners` shows it.
public struct ConnectionReport: Hashable, Sendable {
    /// Names the connection to ``StratumServer/kick(connection:)``; never used again.
    public let connection: UInt64
    let peer: SocketAddress
    /// The miner's software by its own word.
    public let agent: String
    public let account: String
    public let worker: String
    /// What it was told last; nil before its first job.
    public let difficulty: Double?
    /// Unix seconds.
    public let since: Int64
    /// Unix seconds; nil before the first accepted share.
    public let lastShare: Int64?

    /// Made where it is shown, not on the loop's thread.
    public var address: String { peer.description }
}

/// Figures of all loops since the start.
public struct StratumCounters: Hashable, Sendable {
    /// Open connections, and those that were given work.
    public var connections: UInt64 = 0
    public var working: UInt64 = 0
    /// Connections in TLS.
    public var secured: UInt64 = 0
    public var accepted: UInt64 = 0
    /// By ``RejectReason``, shares and requests alike.
    public var rejected: [RejectReason: UInt64] = [:]
    public var disconnected: [DisconnectReason: UInt64] = [:]
    /// Connections ever accepted.
    public var opened: UInt64 = 0
    public var bytesRead: UInt64 = 0
    public var bytesWritten: UInt64 = 0
    /// Shares hashed, and the lanes that their batches could have filled: their quotient is the lane fill.
    public var judged: UInt64 = 0
    public var lanes: UInt64 = 0
    /// Solutions handed on.
    public var solved: UInt64 = 0
    /// Shares that wait for the ledger.
    public var pending: UInt64 = 0
    /// Loops that leave their sockets unread until the ledger answers.
    public var blocked: UInt64 = 0
    /// Addresses banned for what came from them, an operator's bans apart.
    public var bans: UInt64 = 0

    public init() {}
}
