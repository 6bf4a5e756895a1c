/// Money that leaves for several accounts at once, on one chain.
///
/// A payout has one transaction. It gets another only when the first can never confirm, or by one that spends the same coins: whichever of
/// them confirms, everyone is paid once.
public struct Payout: Sendable, Equatable {
    public let id: Int64
    public let chain: String
    public let state: PayoutState
    /// When its rows were fixed, and when its state last changed; ledger time, milliseconds.
    public let created: Int64
    public let changed: Int64
    /// In the order of the transaction's outputs.
    public let rows: [PayoutRow]
    /// In the order in which they were signed.
    public let transactions: [PayoutTransaction]

    /// What it takes from its accounts, in the chain's smallest unit.
    public var amount: UInt128 { rows.reduce(0) { $0 + $1.amount } }

    /// The transaction that is or was last tried, or confirmed.
    public var transaction: PayoutTransaction? { transactions.first { $0.state == .confirmed } ?? transactions.last }
}

/// One account's part of a payout.
public struct PayoutRow: Sendable, Equatable {
    public var account: String
    public var address: String
    /// What it takes from the account, in the chain's smallest unit.
    public var amount: UInt128
    /// What of that goes to the network as fee; the address gets the rest.
    public var fee: UInt128 = 0
    public var state = PayoutRowState.sending

    public init(account: String, address: String, amount: UInt128) {
        self.account = account
        self.address = address
        self.amount = amount
    }

    init(account: String, address: String, amount: UInt128, fee: UInt128, state: PayoutRowState) {
        self.account = account
        self.address = address
        self.amount = amount
        self.fee = fee
        self.state = state
    }

    /// What the address gets.
    public var output: UInt128 { amount - min(amount, fee) }
}

/// A transaction that pays a payout's rows.
public struct PayoutTransaction: Sendable, Equatable {
    /// As the chain's nodes write it.
    public var txid: String
    /// Signed, ready for the network; empty for one that was made outside the pool.
    public var bytes: [UInt8]
    /// All of its fee, the rows' parts included, in the chain's smallest unit.
    public var fee: UInt128
    public var state: PayoutTransactionState

    public init(txid: String, bytes: [UInt8], fee: UInt128, state: PayoutTransactionState = .signed) {
        self.txid = txid
        self.bytes = bytes
        self.fee = fee
        self.state = state
    }
}

/// An account with money to be paid out.
public struct PayoutDue: Sendable, Equatable {
    public var account: String
    /// Where the account wants to be paid; nil while it has no address on the chain.
    public var address: String?
    /// In the chain's smallest unit.
    public var amount: UInt128
}
