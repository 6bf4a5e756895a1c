/// One address that miners connect to.
public struct StratumListener: Sendable {
    /// `HOST:PORT`; port 0 picks a free one.
    public var address: String
    /// The version bits that miners may roll; BIP320's by default.
    public var versionMask: UInt32
    public var difficulty: DifficultySettings
    /// For connections that begin with a TLS handshake; nil lets those fail.
    public var tls: TLSContext?
    /// Whose PROXY headers are believed.
    public var trustedProxies: [AddressRange]

    public init(
        address: String,
        versionMask: UInt32 = 0x1fff_e000,
        difficulty: DifficultySettings = DifficultySettings(),
        tls: TLSContext? = nil,
        trustedProxies: [AddressRange] = []
    ) {
        self.address = address
        self.versionMask = versionMask
        self.difficulty = difficulty
        self.tls = tls
        self.trustedProxies = trustedProxies
    }
}

/// How the server serves. The defaults are what a pool runs with.
public struct StratumSettings: Sendable {
    public var listeners: [StratumListener]
    /// Event loops; nil makes one for each CPU the process may run on.
    public var loops: Int?
    /// The first byte of every extranonce1: pools that share a ledger have different ones.
    public var instance: UInt8 = 0
    /// A connection must be subscribed and authorized by then.
    public var handshakeTimeout: Duration = .seconds(15)
    /// A connection that says nothing for so long is dead.
    public var idleTimeout: Duration = .seconds(7_200)
    /// A connection that reads nothing of what it was sent for so long is dropped.
    public var stallTimeout: Duration = .seconds(30)
    /// How long a session can be resumed, and its extranonce1 rests after.
    public var resumeWindow: Duration = .seconds(600)
    /// Sessions kept for resuming, per loop.
    public var resumeLimit = 32_768
    /// How long shares of a superseded job are still judged.
    public var jobRetention: Duration = .seconds(120)
    /// Superseded jobs kept, per payout group.
    public var pastJobs = 32
    /// Jobs kept in all, per loop.
    public var jobLimit = 8_192
    /// What duplicate tables may take before old jobs are given up early: bytes, per loop.
    public var duplicateMemory = 1 << 30
    /// Lines that are no messages and shares that cannot be read, before their connection is closed.
    public var offenceLimit: UInt16 = 32
    /// Unsent bytes of one connection before it is dropped.
    public var outputLimit = 1 << 20
    /// Shares of one loop that may wait for the ledger: a power of two. When so many wait, sockets are left unread.
    public var pendingShares = 1 << 16
    /// Bytes that a connection may send before it is subscribed and authorized.
    public var strangerLimit = 64 << 10
    /// Lines that are no shares, of one connection at once; ten a second are forgotten, further ones are offences. A proxy authorizes all its workers
    /// in one go.
    public var chatterLimit: Int32 = 512
    /// How long a template's transactions may take to be read: 4 MB at a quarter of a megabit a second.
    public var transferTimeout: Duration = .seconds(120)
    /// A connection that has been there for so long without a good share gives way to newcomers when there is no place left.
    public var firstShareTime: Duration = .seconds(600)
    /// Connections of all loops at most; nil takes what the process's limit of files allows. When it is near, connections that are not authorized
    /// give way to newcomers, the oldest first.
    public var connectionLimit: Int?
    public var guardSettings = AddressGuard.Settings()
    /// Over how long miners whose encryption stayed with the process before this one are asked to connect again.
    public var departureTime: Duration = .seconds(60)
    /// A share's time may be so far ahead of the clock, seconds: nodes take 7,200.
    public var maximumTimeAhead: UInt32 = 7_000

    public init(listeners: [StratumListener]) {
        self.listeners = listeners
    }
}
