/// Who is paid by the next payout of a chain.
public struct PayoutPlan: Sendable, Equatable {
    /// Largest first.
    public private(set) var rows: [PayoutRow] = []
    /// Accounts that have enough and no address on the chain.
    public private(set) var homeless: [PayoutDue] = []
    /// How many accounts have enough and wait for a payout after this one.
    public private(set) var waiting = 0

    /// - Parameters:
    ///   - minimum: the smallest balance that is paid.
    ///   - limit: the most rows.
    public init(_ due: [PayoutDue], minimum: UInt128, limit: Int) {
        var taken: Set<String> = []
        for account in due.filter({ $0.amount > 0 && $0.amount >= minimum }).sorted(by: Self.isBefore) {
            guard let address = account.address else {
                homeless.append(account)
                continue
            }
            // A node refuses a transaction that names an address twice; bech32 has two spellings of one.
            guard rows.count < limit, taken.insert(address.lowercased()).inserted else {
                waiting += 1
                continue
            }
            rows.append(PayoutRow(account: account.account, address: address, amount: account.amount))
        }
    }

    private static func isBefore(_ one: PayoutDue, _ other: PayoutDue) -> Bool {
        one.amount == other.amount ? one.account < other.account : one.amount > other.amount
    }

    /// What the rows take in all.
    public var amount: UInt128 { rows.reduce(0) { $0 + $1.amount } }
}
