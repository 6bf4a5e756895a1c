extension LedgerAudit {
    /// Recomputes the bookings of every payout from its rows and its final transaction.
    mutating func checkPayouts() throws(LedgerError) -> Difference? {
        for payout in try database.payouts("p.id >= $1", [0, .integer(.max)]).reversed() {
            let (rows, accounts) = try database.rows(ofPayout: payout.id)
            let found = try database.moves(ofPayout: payout.id)
            report.payouts += 1
            report.bookings += found.count
            var wanted = Moves.payout(rows, accounts: accounts)
            if !payout.state.isOpen {
                let fee = payout.state == .confirmed ? payout.transactions.first { $0.state == .confirmed }?.fee ?? 0 : 0
                wanted += Moves.payoutEnd(rows, accounts: accounts, fee: fee, pool: pool)
            }
            if let difference = compare(Moves.net(found), Moves.net(wanted), "payout \(payout.id) on \(payout.chain)") { return difference }
        }
        return nil
    }
}

extension Database {
    /// All moves of a payout's entries, in their order.
    func moves(ofPayout payout: Int64) throws(LedgerError) -> [Move] {
        try all(
            """
            SELECT b.from_account, b.from_kind, b.to_account, b.to_kind, b.amount0, b.amount1, b.amount2
            FROM booking b JOIN entry e ON e.id = b.entry WHERE e.payout = $1 ORDER BY b.entry, b.position
            """,
            [.integer(payout)],
            Move.init(row:)
        )
    }
}
