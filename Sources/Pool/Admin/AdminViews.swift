/// The pool at a glance. Counts are since the ledger began, times Unix seconds.
public struct PoolStatus: Sendable {
    public var version = Motherlode.version
    /// Seconds since the start.
    public var uptime = 0
    public var chain = ""
    /// Of the parent chain's tip; nil while no node has told it.
    public var height: Int?
    public var connections = 0
    /// Miners are being moved away, and nobody is taken.
    public var isDraining = false
    /// Workers with a share in the last ten minutes.
    public var workers = 0
    public var hashrate: [HashrateFigure] = []
    public var accepted = 0
    /// By the label of the reason; reasons that never occurred may be missing.
    public var rejected: [String: Int] = [:]
    /// Accepted blocks of the parent chain; nil while the ledger cannot be read, as `effort` and `luck` are then.
    public var blocks: Int?
    public var networkDifficulty: Double?
    /// The time a block takes at the hashrate of the last hour, in seconds; nil without hashrate.
    public var expectedSeconds: Double?
    /// Work since the last block in expected blocks: 1 is what a block takes on average.
    public var effort: Double?
    /// Expected over spent work of the last blocks: above 1 is lucky.
    public var luck: Double?
    /// The hardest share ever, as a difficulty.
    public var bestShare: Double?
    public var ledger = LedgerView()
    /// What chains with PPS or FPPS pay.
    public var pay: [PayView] = []
    /// The hashing engine that judges shares.
    public var engine = ""
    public var nodes: [NodeView] = []
    public var auxiliaries: [AuxiliaryView] = []

    public init() {}
}

/// A hashrate over a span.
public struct HashrateFigure: Sendable, Equatable {
    /// `1m`, `5m`, `15m`, `1h`, `6h`, `1d`, `7d`.
    public var span: String
    public var hashesPerSecond: Double

    public init(span: String, hashesPerSecond: Double) {
        self.span = span
        self.hashesPerSecond = hashesPerSecond
    }
}

/// How safely shares are kept.
public struct LedgerView: Sendable {
    /// `full` or `relaxed`.
    public var durability = "full"
    /// Shares that wait for their commit.
    public var pending = 0
    /// Why shares are refused; nil while they are stored.
    public var failure: String?
    /// What is wrong though shares are stored: windows or rounds that wait, figures that cannot be read. Nil while nothing is.
    public var trouble: String?

    public init() {}
}

/// What a chain pays per share.
public struct PayView: Sendable, Equatable {
    public var chain: String
    /// `pps` or `fpps`.
    public var scheme: String
    /// What a block is counted as worth, in the chain's smallest unit; nil before its node offered one.
    public var reward: UInt128?
    /// The part of it that is the published average of fees.
    public var fees: UInt128
    /// Whether shares wait to be credited, because the pool's own money would fall below its floor.
    public var isWaiting: Bool
    /// Decimals of the chain's coin.
    public var decimals: Int
}

/// A node of the parent chain.
public struct NodeView: Sendable {
    /// Without user and password.
    public var url = ""
    /// `connecting`, `ready`, `waiting` or `failed`.
    public var state = ""
    public var height: Int?
    /// Whether its template is the one that is mined.
    public var active = false
    /// In the node's words.
    public var lastError: String?

    public init() {}
}

/// An auxiliary chain.
public struct AuxiliaryView: Sendable {
    public var name = ""
    public var kind = ""
    public var state = ""
    public var height: Int?
    /// Seconds since its work came.
    public var workAge: Int?
    public var found = 0
    public var accepted = 0
    public var uncle = 0
    public var stale = 0
    public var rejected = 0
    public var lastError: String?
    /// Of its target; nil without work.
    public var difficulty: Double?
    /// The share difficulty that would show its solutions; nil while it is not starved.
    public var neededDifficulty: Double?
    /// Connections whose shares are too hard to show its solutions.
    public var hiddenFrom = 0
    /// Solutions by what became of them, finer than the figures above, and how often the node's rate limit was met.
    public var outcomes: [String: Int] = [:]

    public init() {}
}

/// A block of an auxiliary chain that the pool found.
public struct AuxiliaryBlockRow: Sendable {
    public var chain: String
    public var height: Int
    /// As the chain's own tools show it.
    public var hash: String
    /// The solved parent header's, display order.
    public var parentHash: String
    /// `ACCOUNT.WORKER`, or the account alone.
    public var worker: String
    /// In the chain's smallest unit, decimal: wei do not fit a number of JSON.
    public var reward: String
    /// The node's words.
    public var answer: String
    public var state: String
    /// Unix seconds.
    public var time: Int

    public init(
        chain: String,
        height: Int,
        hash: String,
        parentHash: String,
        worker: String,
        reward: String,
        answer: String,
        state: String,
        time: Int
    ) {
        self.chain = chain
        self.height = height
        self.hash = hash
        self.parentHash = parentHash
        self.worker = worker
        self.reward = reward
        self.answer = answer
        self.state = state
        self.time = time
    }
}

/// A live connection.
public struct MinerRow: Sendable {
    public var connection: Int
    /// The miner's address and port.
    public var address: String
    /// What the software calls itself.
    public var agent: String
    /// Empty until it authorized.
    public var account: String
    public var worker: String
    public var difficulty: Double
    /// When it connected, Unix seconds.
    public var since: Int
    /// Unix seconds; nil before the first share.
    public var lastShare: Int?

    public init(
        connection: Int,
        address: String,
        agent: String,
        account: String,
        worker: String,
        difficulty: Double,
        since: Int,
        lastShare: Int?
    ) {
        self.connection = connection
        self.address = address
        self.agent = agent
        self.account = account
        self.worker = worker
        self.difficulty = difficulty
        self.since = since
        self.lastShare = lastShare
    }
}

/// A worker, connected or not.
public struct WorkerRow: Sendable {
    public var account: String
    public var worker: String
    public var accepted: Int
    /// The accepted shares' difficulties added up.
    public var acceptedDifficulty: Double
    /// By the label of the reason.
    public var rejected: [String: Int]
    /// Of its newest connection; nil when it has none.
    public var difficulty: Double?
    /// Unix seconds; nil before the first share.
    public var lastShare: Int?
    public var hashrate: [HashrateFigure]
    /// Its hardest share, as a difficulty.
    public var bestShare: Double?
    /// Solutions of auxiliary chains, since the start, that its own extranonce bytes made worthless.
    public var sabotage = 0

    public init(
        account: String,
        worker: String,
        accepted: Int,
        acceptedDifficulty: Double,
        rejected: [String: Int],
        difficulty: Double?,
        lastShare: Int?,
        hashrate: [HashrateFigure],
        bestShare: Double? = nil
    ) {
        self.account = account
        self.worker = worker
        self.accepted = accepted
        self.acceptedDifficulty = acceptedDifficulty
        self.rejected = rejected
        self.difficulty = difficulty
        self.lastShare = lastShare
        self.hashrate = hashrate
        self.bestShare = bestShare
    }
}

/// A block of the parent chain that the pool found.
public struct BlockRow: Sendable {
    public var height: Int
    /// In display order.
    public var hash: String
    /// `ACCOUNT.WORKER`, or the account alone.
    public var worker: String
    /// Unix seconds.
    public var time: Int
    /// One of the closed list of block states.
    public var state: String
    /// In satoshi.
    public var reward: Int
    /// The round's work in expected blocks; nil where it is not known.
    public var effort: Double?

    public init(height: Int, hash: String, worker: String, time: Int, state: String, reward: Int, effort: Double? = nil) {
        self.height = height
        self.hash = hash
        self.worker = worker
        self.time = time
        self.state = state
        self.reward = reward
        self.effort = effort
    }
}
