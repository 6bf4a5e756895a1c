/// The solutions found on one parent block, and which of them is to be sent.
///
/// Only one block can follow a parent, so one solution is under way at a time. Up to sixteen more wait in memory and are tried only if it is
/// refused; once a node accepted one, the rest are counted, not sent. (On regtest every second hash is a block: without this rule a busy
/// miner would flood the node.)
struct ParentRace<Solution> {
    /// What to do with a solution just found.
    enum Step {
        /// Send it now: nothing else is under way.
        case send(Solution)
        /// Kept, or only counted: another one is under way or has been accepted.
        case wait
    }

    static var capacity: Int { 16 }

    private enum State {
        case open
        case underWay
        case accepted
    }

    private var state = State.open
    private var waiting: [Solution] = []
    /// Solutions that were neither sent nor kept.
    private(set) var surplus = 0

    /// True once a node took a solution: nothing found on this parent is sent any more.
    var isDecided: Bool { state == .accepted }

    mutating func found(_ solution: Solution) -> Step {
        switch state {
        case .open:
            state = .underWay
            return .send(solution)
        case .underWay where waiting.count < Self.capacity:
            waiting.append(solution)
            return .wait
        case .underWay, .accepted:
            surplus += 1
            return .wait
        }
    }

    /// The solution under way was taken by a node.
    mutating func accepted() {
        state = .accepted
        surplus += waiting.count
        waiting = []
    }

    /// The solution under way was refused by every node that answered: the oldest waiting one goes next, if any.
    mutating func refused() -> Solution? {
        guard state == .underWay else { return nil }
        if waiting.isEmpty {
            state = .open
            return nil
        }
        return waiting.removeFirst()
    }
}
