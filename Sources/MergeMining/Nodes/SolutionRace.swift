/// The solutions of one work: who may be sent, who waits, who is one too many.
///
/// An AuxPoW work takes one block, so its solutions go one after the other until one is accepted. Each solution of an RSK work is a block
/// of its own, payable as an uncle, so they go at once, up to ten.
struct SolutionRace: Sendable {
    enum Turn: Hashable, Sendable {
        case go
        /// Until the one under way has ended.
        case wait
        case surplus
    }

    static let mostSiblings = 10
    static let mostWaiting = 3

    let kind: AuxiliarySolution.Kind
    private var sent = 0
    private var underWay = 0
    private var waiting = 0
    private var isWon = false

    init(kind: AuxiliarySolution.Kind) {
        self.kind = kind
    }

    var isIdle: Bool { underWay == 0 && waiting == 0 }

    mutating func enter() -> Turn {
        switch kind {
        case .rsk:
            guard sent < Self.mostSiblings else { return .surplus }
        case .auxPow:
            guard !isWon else { return .surplus }
            guard underWay == 0 else {
                guard waiting < Self.mostWaiting else { return .surplus }
                waiting += 1
                return .wait
            }
        }
        start()
        return .go
    }

    /// One under way has ended.
    /// - Returns: how many of those that wait may go, and whether the rest are surplus now.
    mutating func leave(_ outcome: AuxiliaryOutcome) -> (go: Int, surplus: Int) {
        underWay -= 1
        guard kind == .auxPow else { return (0, 0) }
        switch outcome {
        // A template that is gone is gone for all its solutions.
        case .accepted, .stale, .unknownWork: isWon = true
        default: break
        }
        let before = waiting
        if isWon {
            waiting = 0
            return (0, before)
        }
        guard waiting > 0 else { return (0, 0) }
        waiting -= 1
        start()
        return (1, 0)
    }

    private mutating func start() {
        sent += 1
        underWay += 1
    }
}
