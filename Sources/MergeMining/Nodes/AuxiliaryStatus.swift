public import Hashing

/// How an auxiliary chain stands.
public enum AuxiliaryState: String, Sendable {
    /// No answer yet.
    case starting
    case working
    /// No node answers, or none usefully: the leaf is dropped.
    case down
    /// RSK: the node gives the same old work, so it does not follow its chain.
    case stalled
    /// The node is of another chain than the one configured.
    case wrongChain = "wrong-chain"
}

/// One line of `poolctl aux`.
public struct AuxiliaryStatus: Sendable {
    public let name: String
    public let kind: String
    public let state: AuxiliaryState
    /// Of the block being mined; nil without work.
    public let height: Int64?
    /// Seconds since the node first gave the work.
    public let workAge: Int64?
    /// Nil without work.
    public let target: Target?
    /// Solutions that reached the chain's submitter.
    public let found: Int64
    /// How they ended, and how often rate limits were met, by label.
    public let counts: [String: Int64]
    public let lastError: String?
}
