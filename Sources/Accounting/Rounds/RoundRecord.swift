/// How far a round's money has come.
public enum RoundState: String, Sendable {
    /// Its rows are fixed, its reward is not known yet.
    case weighed
    case immature
    case payable
    /// Taken back: its block is in no chain.
    case reversed
    /// Credited share by share; no block belongs to it.
    case perShare = "per-share"
}

/// A closed round: from one block of a chain to the next, or a span of shares paid at once.
public struct RoundRecord: Sendable, Equatable {
    public let chain: String
    /// 1, 2, 3 … on each chain.
    public let number: Int64
    /// The block that closed it; nil when shares were paid at once.
    public let blockHash: String?
    public let blockHeight: Int64?
    public let scheme: String
    public let state: RoundState
    /// Milliseconds of Unix time.
    public let from: Int64
    public let to: Int64
    /// What the pool worked in it.
    public let weight: UInt128
    public let networkWeight: UInt128
    /// What was shared out, in the chain's smallest unit.
    public let reward: UInt128
    /// The root of its rows' ``WeightTree``, 32 bytes.
    public let root: [UInt8]

    /// Work done over work expected of a block.
    public var effort: Double { networkWeight == 0 ? 0 : weight.rounded / networkWeight.rounded }
}
