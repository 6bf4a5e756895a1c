extension Moves {
    /// Money set aside for a payout: it cannot be planned again.
    static func payout(_ rows: [PayoutRow], accounts: [Int64]) -> [Move] {
        move(rows, accounts, from: .payable, to: .sending) { $0.amount }
    }

    /// What becomes of it once a transaction is final: rows it paid are paid, the others payable again. What the network took is spent: of a
    /// row's account its part, of the pool's own money the rest.
    static func payoutEnd(_ rows: [PayoutRow], accounts: [Int64], fee: UInt128, pool: Int64) -> [Move] {
        let paid = zip(rows, accounts).filter { $0.0.state == .paid }
        let released = zip(rows, accounts).filter { $0.0.state == .released }
        let borne = paid.reduce(UInt128(0)) { $0 + $1.0.fee }
        let rest = Move(
            from: Book(account: pool, kind: .payable),
            to: Book(account: pool, kind: .spent),
            amount: fee - min(fee, borne)
        )
        return move(paid.map(\.0), paid.map(\.1), from: .sending, to: .paid) { $0.output }
            + move(paid.map(\.0), paid.map(\.1), from: .sending, to: .spent) { $0.fee }
            + move(released.map(\.0), released.map(\.1), from: .sending, to: .payable) { $0.amount }
            + (rest.amount > 0 ? [rest] : [])
    }

    private static func move(
        _ rows: [PayoutRow],
        _ accounts: [Int64],
        from: BookKind,
        to: BookKind,
        _ amount: (PayoutRow) -> UInt128
    ) -> [Move] {
        zip(rows, accounts).map { Move(from: Book(account: $1, kind: from), to: Book(account: $1, kind: to), amount: amount($0)) }
            .filter { $0.amount > 0 }
    }
}
