/// What a node said to a block.
public enum SubmitOutcome: Sendable, Equatable {
    /// The block is the new tip.
    case accepted
    /// The node has the block already, and it is valid.
    case duplicate
    /// The node has the block already, and it is invalid.
    case duplicateInvalid
    /// The node has the block already, and has not judged it.
    case duplicateInconclusive
    /// The node keeps the block but it is not the tip: another came first.
    case inconclusive
    /// The block builds on a parent that is no longer, or never was, the right one.
    case stale(String)
    /// The node lacks the block's parent: it is behind, and may take the block later.
    case unknownParent(String)
    /// The block breaks a rule, in the node's words.
    case rejected(String)
    /// The node certainly did not get the block.
    case notDelivered(NodeError)
    /// The node may have got the block: look for it on the chain.
    case ambiguous(NodeError)
}

extension SubmitOutcome {
    /// Reads the result of `submitblock` (BIP22).
    init(result: String?) {
        self =
            switch result {
            case nil: .accepted
            case "duplicate": .duplicate
            case "duplicate-invalid": .duplicateInvalid
            case "duplicate-inconclusive": .duplicateInconclusive
            case "inconclusive": .inconclusive
            case let words? where ["bad-prevblk", "stale-prevblk", "stale-work", "inconclusive-not-best-prevblk"].contains(words): .stale(words)
            case let words? where words == "prev-blk-not-found": .unknownParent(words)
            case let words?: .rejected(words)
            }
    }

    init(_ error: NodeError) {
        self =
            switch error {
            // The node read the text and found no block in it.
            case .rpc(-22, let words): .rejected(words)
            // No such method: not a node, or not one that takes blocks.
            case .rpc(-32601, _): .notDelivered(error)
            // The rest (−25: the disk is full, say) tells nothing about the block.
            case .rpc: .ambiguous(error)
            case _ where error.requestMayHaveArrived: .ambiguous(error)
            default: .notDelivered(error)
            }
    }

    /// Whether the node has the block, or did have it, and nothing is gained by sending it there again.
    public var isDefinite: Bool {
        switch self {
        case .accepted, .duplicate, .duplicateInvalid, .duplicateInconclusive, .inconclusive, .stale, .rejected: true
        case .unknownParent, .notDelivered, .ambiguous: false
        }
    }

    /// Whether the block stands, as the tip or beside it.
    public var isKept: Bool {
        switch self {
        case .accepted, .duplicate, .duplicateInconclusive, .inconclusive: true
        default: false
        }
    }
}

extension SubmitOutcome: CustomStringConvertible {
    /// One line for a log.
    public var text: String {
        switch self {
        case .accepted: "accepted"
        case .duplicate: "known already"
        case .duplicateInvalid: "known already as invalid"
        case .duplicateInconclusive: "known already, not judged"
        case .inconclusive: "kept beside the tip"
        case .stale(let words): "stale: \(words)"
        case .unknownParent(let words): "parent unknown: \(words)"
        case .rejected(let words): "rejected: \(words)"
        case .notDelivered(let error): "not delivered, the node \(error.text)"
        case .ambiguous(let error): "perhaps delivered, the node \(error.text)"
        }
    }

    /// The name this outcome is counted under.
    public var label: String {
        switch self {
        case .accepted: "accepted"
        case .duplicate: "duplicate"
        case .duplicateInvalid: "duplicate-invalid"
        case .duplicateInconclusive: "duplicate-inconclusive"
        case .inconclusive: "inconclusive"
        case .stale: "stale"
        case .unknownParent: "unknown-parent"
        case .rejected: "rejected"
        case .notDelivered: "not-delivered"
        case .ambiguous: "ambiguous"
        }
    }

    public var description: String { text }
}
