import Accounting

/// How one chain's accounts are paid.
struct PayoutSettings: Sendable {
    /// The smallest balance that is paid, in the chain's smallest unit.
    var minimum: UInt128 = 100_000
    /// Satoshi per virtual byte; nil leaves it to the node.
    var feeRate: Double?
    /// Whose money the network's fee is.
    var feeFrom = FeeBearer.pool
    /// The most accounts in one transaction.
    var limit = 500
    /// How deep a transaction must be to count as final; a reorganisation must not make a payout undone.
    var confirmations: Int64 = 6

    enum FeeBearer: String, Sendable, CaseIterable {
        case pool
        case accounts
    }
}
