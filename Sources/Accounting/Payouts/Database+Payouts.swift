extension Database {
    /// Accounts with something payable on a chain, but the pool's own.
    func due(chain: String) throws(LedgerError) -> [PayoutDue] {
        let isParent = chain == Ledger.parentChain
        var due: [PayoutDue] = []
        try query(
            """
            SELECT a.name, d.address, b.into0, b.into1, b.into2, b.out0, b.out1, b.out2
            FROM balance b JOIN account a ON a.id = b.account JOIN chain c ON c.id = b.chain
            LEFT JOIN account_address d ON d.chain = b.chain AND d.account = b.account
            WHERE c.name = $1 AND b.kind = $2 AND a.name <> ''
            """,
            [.text(chain), .text(BookKind.payable.rawValue)]
        ) { row throws(LedgerError) in
            let amount = try LedgerStore.balance(row, 2)
            guard amount > 0 else { return }
            let address = row.optionalText(1) ?? (isParent ? row.text(0) : nil)
            due.append(PayoutDue(account: row.text(0), address: address, amount: UInt128(amount)))
        }
        return due
    }

    /// A payout's chain and state; nil when there is no such payout.
    func place(ofPayout payout: Int64) throws(LedgerError) -> (chain: Int64, state: PayoutState)? {
        try first("SELECT chain, state FROM payout WHERE id = $1", [.integer(payout)]) { row throws(LedgerError) in
            guard let state = PayoutState(rawValue: row.text(1)) else { throw .store("payout \(payout) has an unknown state") }
            return (row.integer(0), state)
        }
    }

    /// Whole payouts, newest first.
    /// - Parameters:
    ///   - condition: which, in words of SQL, with `$1` in it.
    ///   - values: of `$1`, and the most payouts.
    func payouts(_ condition: String, _ values: [SQLValue]) throws(LedgerError) -> [Payout] {
        let heads = try all(
            """
            SELECT p.id, c.name, p.state, p.created, p.changed FROM payout p JOIN chain c ON c.id = p.chain
            WHERE \(condition) ORDER BY p.id DESC LIMIT $2
            """,
            values
        ) { row in (id: row.integer(0), chain: row.text(1), state: row.text(2), created: row.integer(3), changed: row.integer(4)) }
        var payouts: [Payout] = []
        for head in heads {
            guard let state = PayoutState(rawValue: head.state) else { throw .store("payout \(head.id) has an unknown state") }
            payouts.append(
                Payout(
                    id: head.id,
                    chain: head.chain,
                    state: state,
                    created: head.created,
                    changed: head.changed,
                    rows: try rows(ofPayout: head.id).rows,
                    transactions: try transactions(ofPayout: head.id)
                )
            )
        }
        return payouts
    }

    /// A payout's rows in their order, and their accounts' rows.
    func rows(ofPayout payout: Int64) throws(LedgerError) -> (rows: [PayoutRow], accounts: [Int64]) {
        let found = try all(
            """
            SELECT r.account, a.name, r.address, r.amount0, r.amount1, r.amount2, r.fee0, r.fee1, r.fee2, r.state
            FROM payout_row r JOIN account a ON a.id = r.account WHERE r.payout = $1 ORDER BY r.position
            """,
            [.integer(payout)]
        ) { row throws(LedgerError) in
            guard let state = PayoutRowState(rawValue: row.text(9)) else { throw .store("a row of payout \(payout) has an unknown state") }
            let value = PayoutRow(
                account: row.text(1),
                address: row.text(2),
                amount: try row.limbs(3),
                fee: try row.limbs(6),
                state: state
            )
            return (account: row.integer(0), value: value)
        }
        return (found.map(\.value), found.map(\.account))
    }

    func transactions(ofPayout payout: Int64) throws(LedgerError) -> [PayoutTransaction] {
        try all(
            "SELECT txid, bytes, fee0, fee1, fee2, state FROM payout_transaction WHERE payout = $1 ORDER BY position",
            [.integer(payout)]
        ) { row throws(LedgerError) in
            guard let state = PayoutTransactionState(rawValue: row.text(5)) else {
                throw .store("a transaction of payout \(payout) has an unknown state")
            }
            return PayoutTransaction(txid: row.text(0), bytes: row.blob(1), fee: try row.limbs(2), state: state)
        }
    }

    func add(_ transaction: PayoutTransaction, to payout: Int64, position: Int, at time: Int64) throws(LedgerError) {
        try run(
            """
            INSERT INTO payout_transaction (payout, position, txid, bytes, fee0, fee1, fee2, state, time)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
            """,
            [.integer(payout), .integer(Int64(position)), .text(transaction.txid), .blob(transaction.bytes)]
                + Limbs(transaction.fee).values + [.text(transaction.state.rawValue), .integer(time)]
        )
    }

    func set(_ state: PayoutTransactionState, ofTransaction txid: String, payout: Int64) throws(LedgerError) {
        try run(
            "UPDATE payout_transaction SET state = $1 WHERE payout = $2 AND txid = $3",
            [.text(state.rawValue), .integer(payout), .text(txid)]
        )
    }

    func set(_ state: PayoutState, ofPayout payout: Int64, at time: Int64) throws(LedgerError) {
        try run("UPDATE payout SET state = $1, changed = $2 WHERE id = $3", [.text(state.rawValue), .integer(time), .integer(payout)])
    }
}
