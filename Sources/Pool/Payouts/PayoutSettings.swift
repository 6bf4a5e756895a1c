import Accounting

/// How one chain's accounts are paid.
public struct PayoutSettings: Sendable {
    /// Of the chain's coin: one is ten to their power of smallest units.
    var decimals = 8
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

    public enum FeeBearer: String, Sendable, CaseIterable {
        case pool
        case accounts
    }
}

extension PayoutSettings {
    /// Below, an output costs its owner more than it is worth, and nodes do not pass it on.
    private static let dust: UInt128 = 1_000

    init(_ payouts: PoolConfiguration.Payouts, chain: String, hasWallet: Bool, decimals: Int) {
        self.decimals = decimals
        if let minimum = payouts.minimum[chain] { self.minimum = UInt128(minimum) }
        if hasWallet { minimum = max(minimum, Self.dust) }
        feeRate = payouts.feeRate
        feeFrom = payouts.feeFrom
        confirmations = Int64(payouts.confirmations)
    }
}
