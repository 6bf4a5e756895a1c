import Accounting
import Bitcoin

// What the pool's payouts ask of a wallet, and what comes of it.

/// The wallet that pays a chain's accounts.
protocol PayoutWallet: Sendable {
    /// The output scripts of these addresses; one that the chain does not know is missing.
    func scripts(of addresses: [String]) async throws(PayoutFailure) -> [String: Script]

    /// Makes and signs a transaction that pays these rows in their order. Nobody else sees it.
    /// - Parameters:
    ///   - coins: what it must spend, whatever else it spends.
    ///   - feeRate: satoshi per virtual byte; nil leaves it to the node.
    func sign(_ rows: [PayoutRow], spending coins: [OutPoint], feeRate: Double?) async throws(PayoutFailure) -> SignedPayment

    /// Keeps the transaction's coins out of any other that the wallet makes. Done twice it does no harm.
    func lock(_ transaction: PayoutTransaction) async throws(PayoutFailure)

    /// Gives the transaction to the network. Done twice it does no harm.
    func broadcast(_ transaction: PayoutTransaction) async throws(PayoutFailure)

    /// Where the chain stands with a payout's transactions.
    func standing(of transactions: [PayoutTransaction]) async throws(PayoutFailure) -> PaymentStanding
}

/// A transaction that pays, before anybody but the wallet saw it. Its first outputs are the rows', in their order.
struct SignedPayment: Sendable, Equatable {
    var bytes: [UInt8]
    var transaction: Transaction
    /// All of it, in the chain's smallest unit.
    var fee: UInt128
}

/// Where the chain stands with a payout.
enum PaymentStanding: Sendable, Equatable {
    /// Nothing that spends its coins is in a block.
    /// - Parameter isKnown: the node holds one of its transactions ready for a block.
    case waiting(isKnown: Bool)
    /// A transaction that spends its coins is in a block: one of its own, or another.
    case mined(SpendingTransaction)
}

/// A transaction in a block that spends a payout's coins.
struct SpendingTransaction: Sendable, Equatable {
    var txid: String
    var confirmations: Int64
    var transaction: Transaction
    /// In the chain's smallest unit; nil where the wallet does not know it.
    var fee: UInt128?
}
