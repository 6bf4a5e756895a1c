/// Why a node's answer cannot be used.
public enum AuxiliaryReplyError: Error, Hashable, Sendable, CustomStringConvertible {
    /// A member is missing or is not what it should be.
    case member(String)
    /// The answer's chain id is not the configured one.
    case chainID(expected: ChainID, found: Int64)
    /// The answer is of the wrong kind altogether.
    case kind(expected: String)

    public var description: String {
        switch self {
        case .member(let name): "the node's answer has no usable \"\(name)\""
        case .chainID(let expected, let found): "the node is of chain \(found), configured is \(expected)"
        case .kind(let expected): "the node's answer is not \(expected)"
        }
    }
}
