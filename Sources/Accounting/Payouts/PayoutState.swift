/// Where a payout stands.
public enum PayoutState: String, CaseIterable, Sendable {
    /// Its rows are fixed and their money is set aside; there is no transaction.
    case planned
    /// Its transaction is stored, and may be on the network.
    case signed
    /// A node took its transaction.
    case sent
    /// A transaction that is deep enough in the chain paid its rows; those it did not pay are payable again.
    case confirmed
    /// Nothing of it was paid: its money is payable again.
    case released
    /// Its rows are fixed, and somebody pays them outside the pool.
    case outside
    /// It was paid outside the pool.
    case settled

    /// Money is set aside for it.
    public var isOpen: Bool {
        switch self {
        case .planned, .signed, .sent, .outside: true
        case .confirmed, .released, .settled: false
        }
    }

    static let open = allCases.filter(\.isOpen)
}

/// What became of one row of a payout.
public enum PayoutRowState: String, Sendable {
    case sending
    case paid
    case released
}

/// What became of a transaction of a payout.
public enum PayoutTransactionState: String, Sendable {
    /// Stored; it may be on the network.
    case signed
    /// A node took it.
    case sent
    /// Deep enough in the chain.
    case confirmed
    /// Another of the payout's transactions, which spends the same coins, took its place.
    case replaced
    /// Something else spent its coins, deep enough in the chain.
    case conflicted
}
