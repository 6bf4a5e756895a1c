/// What became of a block that was handed in.
public enum BlockAcceptance: Sendable, Equatable {
    /// It is the tip now.
    case tip
    /// It is kept on a side branch; `submitblock` answers "inconclusive".
    case sideBranch
    case refused(BlockRejection)

    /// What `submitblock` answers; nil stands for null.
    public var words: String? {
        switch self {
        case .tip: nil
        case .sideBranch: "inconclusive"
        case .refused(let reason): reason.words
        }
    }
}
