/// What the configuration says of the ledger.
public struct LedgerSettings: Sendable {
    /// `sqlite:FILE`, relative to the data folder, or `postgresql://…` as libpq takes it.
    public var store: String
    /// The pool's data folder, absolute or relative to the working folder.
    public var dataFolder: String
    public var durability: Durability
    /// Which of the pools on one store this is, 0…255.
    public var instance: Int
    /// How the chains' rewards are shared out; PPLNS over twice the network's weight, without a fee, for a chain that is not among them.
    public var chains: [ChainTerms] = []
    /// The most workers the directory knows.
    public var workerCapacity = 1_000_000
    /// How long what is stored in the log may stay out of the store, milliseconds.
    public var foldMilliseconds = 10_000
    /// The most bytes of log that may wait to be folded; beyond, shares are refused.
    public var logLimit = 1 << 30
    /// How long the store may look for an answer to what somebody asks. What the ledger itself must read takes as long as it takes.
    public var patience = Duration.seconds(3)
    public var time = TimeSource.system

    public init(store: String = "sqlite:pool.db", dataFolder: String, durability: Durability = .full, instance: Int = 0) {
        self.store = store
        self.dataFolder = dataFolder
        self.durability = durability
        self.instance = instance
    }

    /// Where windows go that leave the store: a ``ShareArchive``.
    public var archiveFolder: String { dataFolder + "/archive" }
}
