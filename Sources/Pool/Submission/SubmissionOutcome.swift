/// What the nodes, taken together, said of one solution.
enum SubmissionVerdict: Equatable, Sendable {
    /// At least one node took it.
    case accepted
    /// Valid, but another block was first.
    case stale
    /// Every node refused it; their words.
    case rejected(String)
    /// No definite answer yet from these nodes.
    case open([Int])
}

/// Gathers the nodes' answers to one solution.
struct SubmissionTally: Sendable {
    /// One node's answer.
    enum Answer: Equatable, Sendable {
        case accepted
        case stale
        case rejected(String)
        /// The connection failed, or the node cannot say now: ask again.
        case ambiguous
    }

    private var answers: [Int: Answer] = [:]
    private let nodes: Int

    init(nodes: Int) {
        self.nodes = nodes
    }

    mutating func add(_ answer: Answer, from node: Int) {
        answers[node] = answer
    }

    /// Nil while answers are still due and none of those given decides.
    var verdict: SubmissionVerdict? {
        if answers.values.contains(.accepted) { return .accepted }
        guard answers.count == nodes else { return nil }
        let open = answers.filter { $0.value == .ambiguous }.keys.sorted()
        if !open.isEmpty { return .open(open) }
        if answers.values.contains(.stale) { return .stale }
        let words = answers.keys.sorted().compactMap { node -> String? in
            if case .rejected(let words) = answers[node] { words } else { nil }
        }
        return .rejected(Set(words).sorted().joined(separator: "; "))
    }
}
