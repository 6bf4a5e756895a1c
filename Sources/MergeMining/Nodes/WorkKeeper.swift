import Hashing

/// Which work of one chain is mined: a pure value that hears what each node answers and says what changes.
struct WorkKeeper: Sendable {
    struct Policy: Sendable {
        /// A node that gives no answer for so long has died, and its leaf is dropped.
        var patience: Duration = .seconds(10)
        /// On an unchanged parent an AuxPoW template is changed over no sooner. Namecoin and Fractal hand out two templates in turn then,
        /// Elastos a new one every 5 s; all of one tip stay good.
        var refresh: Duration = .seconds(60)
        /// An RSK work that its node has not renewed for so long comes from a stalled node. The two blocks' times must be less than 300 s
        /// apart, and a healthy node builds anew every 60 s.
        var oldestRSK: Duration = .seconds(240)
        /// Fees on an unchanged parent must grow by this factor for a job to be made for them.
        var better: (numerator: UInt64, denominator: UInt64) = (3, 2)
    }

    /// What an event means for jobs.
    enum Change: Sendable {
        case none
        /// The next job takes it up; none is made for it.
        case quiet
        /// A job is worth making: another parent, or markedly better work.
        case urgent
    }

    /// What is known of one node.
    private struct Known: Sendable {
        var work: AuxiliaryWork
        /// When this very work came first, and when the node answered last.
        var since: Duration
        var answered: Duration
    }

    let chain: String
    private let policy: Policy
    private var known: [String: Known] = [:]
    private(set) var current: AuxiliaryWork?
    private var adopted: Duration = .zero
    private(set) var state = AuxiliaryState.starting
    private(set) var lastError: String?

    init(chain: String, policy: Policy = Policy()) {
        self.chain = chain
        self.policy = policy
    }

    /// A node answered.
    /// - Parameters:
    ///   - now: on a clock that only goes forward.
    ///   - unixTime: seconds.
    mutating func take(_ content: AuxiliaryWork.Content, from node: String, now: Duration, unixTime: Int64) -> Change {
        lastError = nil
        if var before = known[node], before.work.content.isSame(as: content) {
            before.answered = now
            known[node] = before
        } else {
            let work = AuxiliaryWork(chain: chain, node: node, since: unixTime, content: content)
            known[node] = Known(work: work, since: now, answered: now)
        }
        return review(now)
    }

    /// A node gave nothing usable. A chain id that changed drops its leaf at once; anything else may pass.
    mutating func fail(_ error: AuxiliaryNodeError, from node: String, now: Duration) -> Change {
        lastError = error.description
        if state == .wrongChain { state = .down }
        if case .reply(.chainID) = error { known[node] = nil }
        let change = review(now)
        if current == nil, case .reply(.chainID) = error { state = .wrongChain }
        return change
    }

    /// Time has passed.
    mutating func tick(_ now: Duration) -> Change {
        state == .starting ? .none : review(now)
    }

    /// Chooses among what the nodes gave.
    private mutating func review(_ now: Duration) -> Change {
        let alive = known.values.filter { now - $0.answered <= policy.patience }
        let usable = alive.filter { !$0.work.isRSK || now - $0.since <= policy.oldestRSK }
        guard let best = usable.max(by: { rank($0) < rank($1) }) else {
            if !alive.isEmpty {
                state = .stalled
                lastError = "the node has not renewed its work for \(policy.oldestRSK)"
            } else if state != .wrongChain {
                state = .down
                lastError = lastError ?? "no node answers"
            }
            defer { current = nil }
            return current == nil ? .none : .quiet
        }
        state = .working
        guard let current else { return adopt(best, .urgent, now) }
        guard best.work != current else { return .none }
        if best.work.parent != current.parent { return adopt(best, .urgent, now) }
        if best.work.isRSK { return adopt(best, isBetter(best.work, than: current) ? .urgent : .quiet, now) }
        return now - adopted >= policy.refresh || usable.allSatisfy { $0.work.node != current.node } ? adopt(best, .quiet, now) : .none
    }

    private mutating func adopt(_ chosen: Known, _ change: Change, _ now: Duration) -> Change {
        current = chosen.work
        adopted = now
        return change
    }

    /// The furthest node first, the present one among equals; then by name, so that the choice is the same every time.
    private func rank(_ known: Known) -> (Int64, Int, String) {
        (known.work.height, known.work.node == current?.node ? 1 : 0, known.work.node)
    }

    private func isBetter(_ work: AuxiliaryWork, than other: AuxiliaryWork) -> Bool {
        guard case .rsk(let new) = work.content, case .rsk(let old) = other.content, let fees = UInt256(decimal: new.fees),
            let before = UInt256(decimal: old.fees)
        else { return false }
        return before != .zero
            && fees.multipliedSaturating(by: policy.better.denominator) >= before.multipliedSaturating(by: policy.better.numerator)
    }
}

extension AuxiliaryWork.Content {
    /// Whether both are the same block to be mined; a hint of the node's does not make another of it.
    func isSame(as other: Self) -> Bool {
        switch (self, other) {
        case (.auxPow(let one), .auxPow(let two)): one == two
        case (.rsk(let one), .rsk(let two)): one.hash == two.hash && one.target == two.target
        default: false
        }
    }
}
