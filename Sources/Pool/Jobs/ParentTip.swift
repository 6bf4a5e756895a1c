import Hashing
import Stratum
import Synchronization

/// One tip of the parent chain and the race for the block on top of it; shared by all jobs on that tip.
final class ParentTip: Sendable {
    let previousHash: Hash256
    /// The height that a block on this tip has.
    let height: Int64
    private let race = Mutex(ParentRace<Solution>())
    /// Set once a node took a block, so that the loops need no lock to pass over the surplus.
    private let decided = Atomic<Bool>(false)

    init(previousHash: Hash256, height: Int64) {
        self.previousHash = previousHash
        self.height = height
    }

    /// True when a block on this tip has been accepted: further ones are counted, not sent.
    var isDecided: Bool { decided.load(ordering: .relaxed) }

    /// A solution to send at once, or nil when it waits or is surplus.
    func found(_ solution: Solution) -> Solution? {
        race.withLock { race in
            if case .send(let first) = race.found(solution) { first } else { nil }
        }
    }

    /// A block on this tip is on the chain: the race is over.
    func accepted() {
        race.withLock { $0.accepted() }
        decided.store(true, ordering: .relaxed)
    }

    /// Another pool's block was first.
    func lost() { accepted() }

    /// The next solution to try after a refusal.
    func refused() -> Solution? {
        race.withLock { $0.refused() }
    }
}
