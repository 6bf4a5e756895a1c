public import Bitcoin
public import JSON

/// A node of an auxiliary chain: gives works and takes solutions.
public protocol AuxiliaryNode: Sendable {
    /// What logs call it; works carry it, so that solutions come back.
    var name: String { get }

    /// Asks for the block to be mined now.
    func work() async throws(AuxiliaryNodeError) -> AuxiliaryWork.Content

    /// Hands a solution over, once.
    func submit(_ solution: AuxiliarySolution) async throws(NodeError) -> JSONValue

    /// Where a block stands on the chain.
    /// - Parameters:
    ///   - block: its id in display order.
    ///   - height: its height.
    func standing(of block: String, height: Int64) async throws(NodeError) -> AuxiliaryStanding
}

/// Where a block stands on its chain.
public enum AuxiliaryStanding: Hashable, Sendable {
    /// On the best chain; the block itself counts as one.
    case confirmed(confirmations: Int64)
    /// The best chain has another block at its height, with so many confirmations.
    case beside(rival: Int64)
    /// The best chain has not reached its height.
    case ahead
    /// The node cannot say.
    case unknown
}

/// Why a node gave no work.
public enum AuxiliaryNodeError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What the node said or did not say.
    case node(String, label: String)
    /// Its answer cannot be used.
    case reply(AuxiliaryReplyError)

    init(_ error: NodeError) {
        self = .node(error.text, label: error.label)
    }

    public var description: String {
        switch self {
        case .node(let text, _): "the node \(text)"
        case .reply(let error): error.description
        }
    }

    /// The label of counters.
    public var label: String {
        switch self {
        case .node(_, let label): label
        case .reply(.chainID): "wrong-chain"
        case .reply: "malformed"
        }
    }
}
