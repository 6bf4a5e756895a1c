import Accounting

/// Follows found blocks until they are confirmed or gone: an accepted block may still lose to another one, and a lost one win again.
struct BlockWatch: Sendable {
    /// What a node says of a block.
    enum Depth: Sendable, Equatable {
        /// On the best chain, with so many confirmations; 1 for the tip.
        case confirmations(Int64)
        /// Not on the best chain, which has another block at its height, with so many confirmations.
        case aside(rival: Int64)
        case unknown
    }

    /// A coinbase can be spent from the 101st confirmation on, as the node's wallet counts.
    static let maturity: Int64 = 101
    /// Of two blocks at one height the one is lost when the other has so many confirmations. Before that, the next block may decide otherwise.
    static let burial: Int64 = 3

    /// What a block's state becomes; nil when nothing changes.
    static func next(_ state: BlockState, _ depth: Depth, maturity: Int64 = BlockWatch.maturity) -> BlockState? {
        let next: BlockState? =
            switch depth {
            case .confirmations(let count) where count >= maturity: .confirmed
            case .confirmations: .immature
            case .aside(let rival) where rival < burial: nil
            // It was on the best chain and is not any more; one that never was is merely stale.
            case .aside: state == .immature ? .orphaned : state.isLost ? nil : .stale
            case .unknown: nil
            }
        return next == state ? nil : next
    }
}

extension BlockState {
    /// The chain has another block in its place.
    fileprivate var isLost: Bool { self == .stale || self == .orphaned || self == .uncle }
}
