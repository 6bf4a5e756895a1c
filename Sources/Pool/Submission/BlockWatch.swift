import Accounting

/// Follows found blocks until they are confirmed or gone: an accepted block may still lose to another one.
struct BlockWatch: Sendable {
    /// What a node says of a block.
    enum Depth: Sendable, Equatable {
        /// On the best chain, with so many confirmations; 1 for the tip.
        case confirmations(Int64)
        /// Not on the best chain, which has another block at its height.
        case aside
        case unknown
    }

    /// A coinbase can be spent from the 101st confirmation on, as the node's wallet counts.
    static let maturity: Int64 = 101

    /// What a block's state becomes; nil when nothing changes.
    static func next(_ state: BlockState, _ depth: Depth, maturity: Int64 = BlockWatch.maturity) -> BlockState? {
        let next: BlockState? =
            switch depth {
            case .confirmations(let count) where count >= maturity: .confirmed
            case .confirmations: .immature
            // It was on the best chain and is not any more; one that never was is merely stale.
            case .aside: state == .immature || state == .orphaned ? .orphaned : .stale
            case .unknown: nil
            }
        return next == state ? nil : next
    }
}
