/// What became of a solution in the end.
public enum AuxiliaryOutcome: Hashable, Sendable {
    /// On the best chain when it was looked for. RSK's block id is the node's own.
    case accepted(block: String, height: Int64)
    /// RSK: beside the best block, payable as an uncle.
    case uncle(block: String, height: Int64)
    /// The chain has gone on: the template is gone, or the block stands beside the best chain.
    case stale(String)
    /// RSK: the node no longer remembers the work.
    case unknownWork(String)
    /// The node refuses the proof or the block.
    case invalid(String)
    /// The node cannot take solutions as it is set up, or does not understand this one.
    case refused(String)
    /// Not sent, RSK: the parent header's time is too far from the work's, so that the node could only refuse it.
    case mistimed(String)
    /// Not sent: another solution of the work was accepted, or ten have gone.
    case surplus
    /// No definite answer in the time that was given; it may be tried again.
    case undecided(String)

    /// The label in counters, logs and tables.
    public var label: String {
        switch self {
        case .accepted: "accepted"
        case .uncle: "uncle"
        case .stale: "stale"
        case .unknownWork: "unknown-work"
        case .invalid: "invalid"
        case .refused: "refused"
        case .mistimed: "mistimed"
        case .surplus: "surplus"
        case .undecided: "undecided"
        }
    }

    /// The state under which the block is stored, of the list that blocks of every chain share.
    public var blockState: String {
        switch self {
        case .accepted: "accepted"
        case .uncle: "uncle"
        case .stale, .unknownWork, .surplus: "stale"
        case .invalid, .refused, .mistimed: "rejected"
        case .undecided: "submitted"
        }
    }

    /// Whether the journal can let the solution go.
    public var isDefinite: Bool {
        if case .undecided = self { false } else { true }
    }

    /// Whether it says that the chain has another tip than the work was made for.
    var movesTip: Bool {
        switch self {
        case .accepted, .stale, .unknownWork: true
        case .uncle, .invalid, .refused, .mistimed, .surplus, .undecided: false
        }
    }

    /// The node's words, or ours.
    public var answer: String {
        switch self {
        case .accepted: "accepted"
        case .uncle: RSKImportStatus.notBest.rawValue
        case .stale(let words), .unknownWork(let words), .invalid(let words), .refused(let words), .mistimed(let words),
            .undecided(let words):
            words
        case .surplus: "not sent"
        }
    }

    /// What a person can do about it; nil where nothing is to be done.
    public var remedy: String? {
        switch self {
        case .accepted, .uncle, .stale, .surplus: nil
        case .unknownWork: "let the pool poll this node and no balancer in front of several; see whether it was restarted"
        case .invalid: "see the node's log for its reason, and compare both clocks"
        case .mistimed: "see whether the miner rolls the header's time far ahead, and whether both clocks are right"
        case .refused: "see whether the node's mining module and methods are enabled"
        case .undecided: "see whether the node answers"
        }
    }
}
