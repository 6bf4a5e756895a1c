/// A closed round.
public struct RoundRow: Sendable, Equatable {
    public var chain: String
    /// 1, 2, 3 … on each chain.
    public var round: Int
    /// Unix seconds.
    public var from: Int
    public var to: Int
    /// Expected hashes of the accepted shares in it.
    public var weight: UInt128
    /// Work in expected blocks; 1 is average, less is luck.
    public var effort: Double
    /// The Merkle root of its (account, weight) rows, 64 hexadecimal digits.
    public var root: String
    public var scheme: String
    /// `weighed`, `immature`, `payable`, `reversed` or `per-share`.
    public var state: String
    /// What was shared out, in the chain's smallest unit.
    public var reward: UInt128
    /// Of the block that closed it; nil where shares were paid at once.
    public var height: Int?
    public var block: String?
    /// Decimals of the chain's coin.
    public var decimals: Int
}

/// What an account has on a chain, in the chain's smallest unit.
public struct BalanceRow: Sendable, Equatable {
    /// Empty for the pool's own.
    public var account: String
    public var chain: String
    /// Credited of blocks that are not mature.
    public var immature: Int128
    public var payable: Int128
    /// In a payment that is not confirmed.
    public var sending: Int128
    public var paid: Int128
    /// Where it is paid; nil while nobody has said it.
    public var address: String?
    /// Decimals of the chain's coin.
    public var decimals: Int
}

/// An account and what was settled with it.
public struct AccountRow: Sendable, Equatable {
    public var account: String
    /// Unix seconds of its first share.
    public var since: Int
    public var workers: Int
    /// By auxiliary chain.
    public var addresses: [String: String]
    /// Fees of its own by chain, as parts of one.
    public var fees: [String: Double]
}

/// Shares of one window: of one worker, or of all that were asked for.
public struct ShareWindowRow: Sendable, Equatable {
    /// Unix seconds.
    public var start: Int
    /// Seconds.
    public var span: Int
    public var account: String
    public var worker: String
    public var accepted: Int
    public var weight: UInt128
    public var acceptedDifficulty: Double
    /// By the label of the reason.
    public var rejected: [String: Int]
}
