extension LedgerStore {
    /// Accounts with something to be paid out on a chain, the pool's own left out. An account of the parent chain is its address.
    func due(chain: String) throws(LedgerError) -> [PayoutDue] {
        try read { database throws(LedgerError) in try database.due(chain: chain) }
    }

    /// Sets the rows' money aside. Nil when an account has less than its row by now, or another payout of the chain is open that is paid the
    /// same way: they follow each other, so that no coin is offered to two of them.
    func openPayout(chain: String, rows: [PayoutRow], state: PayoutState, at time: Int64) throws(LedgerError) -> Int64? {
        try write { database, writer throws(LedgerError) in
            let row = try writer.row(ofChain: chain, at: time)
            try writer.claim(chain: row)
            let rivals: [PayoutState] = state == .outside ? [.outside] : [.planned, .signed]
            let isBusy = try database.first(
                "SELECT 1 FROM payout WHERE chain = $1 AND state IN (\(Self.list(rivals)))",
                [.integer(row)]
            ) { _ in true }
            if isBusy == true { return nil }
            let due = Dictionary(try database.due(chain: chain).map { ($0.account, $0.amount) }) { first, _ in first }
            guard rows.allSatisfy({ $0.amount > 0 && $0.amount <= due[$0.account] ?? 0 }) else { return nil }
            let id = try database.first(
                "INSERT INTO payout (chain, state, created, changed) VALUES ($1, $2, $3, $3) RETURNING id",
                [.integer(row), .text(state.rawValue), .integer(time)]
            ) { $0.integer(0) }
            guard let id else { throw .store("a payout was not numbered") }
            var accounts: [Int64] = []
            for row in rows { accounts.append(try writer.rowOfAccount(row.account, at: time)) }
            try database.runEach(
                """
                INSERT INTO payout_row (payout, position, account, address, amount0, amount1, amount2, fee0, fee1, fee2, state)
                VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
                """,
                count: rows.count
            ) { index in
                [.integer(id), .integer(Int64(index)), .integer(accounts[index]), .text(rows[index].address)]
                    + Limbs(rows[index].amount).values + Limbs(rows[index].fee).values + [.text(rows[index].state.rawValue)]
            }
            try writer.book(.payout, Moves.payout(rows, accounts: accounts), chain: row, payout: id, at: time)
            return id
        }
    }

    /// Stores a signed transaction, which from now on may be on the network. A payout that has one takes another only in its place.
    /// - Parameters:
    ///   - fees: each row's part of the fee.
    ///   - replacing: the transaction whose coins this one spends; nil for the first.
    /// - Returns: false when the payout is not where it must be, whoever brought it on.
    func sign(
        _ payout: Int64,
        _ transaction: PayoutTransaction,
        fees: [UInt128],
        replacing txid: String?,
        at time: Int64
    ) throws(LedgerError) -> Bool {
        try write { database, writer throws(LedgerError) in
            guard let (chain, _) = try database.place(ofPayout: payout) else { return false }
            try writer.claim(chain: chain)
            guard let (_, state) = try database.place(ofPayout: payout), state == .planned || txid != nil && (state == .signed || state == .sent)
            else { return false }
            let known = try database.transactions(ofPayout: payout)
            guard txid == known.last?.txid, txid != nil || known.allSatisfy({ $0.state == .conflicted }) else { return false }
            if let txid { try database.set(.replaced, ofTransaction: txid, payout: payout) }
            try database.add(transaction, to: payout, position: known.count, at: time)
            try database.runEach("UPDATE payout_row SET fee0 = $1, fee1 = $2, fee2 = $3 WHERE payout = $4 AND position = $5", count: fees.count) {
                Limbs(fees[$0]).values + [.integer(payout), .integer(Int64($0))]
            }
            try database.set(.signed, ofPayout: payout, at: time)
            return true
        }
    }

    /// A node took the payout's last transaction.
    func markSent(_ payout: Int64, at time: Int64) throws(LedgerError) {
        try write { database, _ throws(LedgerError) in
            guard let (_, state) = try database.place(ofPayout: payout), state == .signed,
                let last = try database.transactions(ofPayout: payout).last
            else { return }
            try database.set(.sent, ofTransaction: last.txid, payout: payout)
            try database.set(.sent, ofPayout: payout, at: time)
        }
    }

    /// Ends a payout. The money of rows that were not paid is payable again.
    /// - Parameters:
    ///   - fees: by row, what of its amount went to the network; nil where it was not paid.
    ///   - transaction: the one that is final, with its whole fee; nil when none will ever be.
    ///   - from: where the payout must stand; anywhere open if nil.
    /// - Returns: false when it had ended before, or stands elsewhere.
    func end(
        _ payout: Int64,
        _ end: PayoutState,
        transaction: PayoutTransaction?,
        fees: [UInt128?],
        from: PayoutState? = nil,
        at time: Int64
    ) throws(LedgerError) -> Bool {
        try write { database, writer throws(LedgerError) in
            guard let (chain, _) = try database.place(ofPayout: payout) else { return false }
            try writer.claim(chain: chain)
            guard let (_, state) = try database.place(ofPayout: payout), from.map({ $0 == state }) ?? state.isOpen else { return false }
            var (rows, accounts) = try database.rows(ofPayout: payout)
            guard rows.count == fees.count else { throw .store("a payout has lost rows") }
            for index in rows.indices {
                rows[index].state = fees[index] == nil ? .released : .paid
                rows[index].fee = fees[index] ?? 0
            }
            try database.runEach(
                "UPDATE payout_row SET state = $1, fee0 = $2, fee1 = $3, fee2 = $4 WHERE payout = $5 AND position = $6",
                count: rows.count
            ) {
                [.text(rows[$0].state.rawValue)] + Limbs(rows[$0].fee).values + [.integer(payout), .integer(Int64($0))]
            }
            let known = try database.transactions(ofPayout: payout)
            for former in known where former.state != .replaced {
                try database.set(transaction == nil ? .conflicted : .replaced, ofTransaction: former.txid, payout: payout)
            }
            if let transaction {
                if !known.contains(where: { $0.txid == transaction.txid }) {
                    try database.add(transaction, to: payout, position: known.count, at: time)
                }
                try database.set(.confirmed, ofTransaction: transaction.txid, payout: payout)
            }
            let pool = try writer.rowOfPool(at: time)
            // Whether the pool's coins paid this fee is not known of what was paid elsewhere.
            let fee = end == .confirmed ? transaction?.fee ?? 0 : 0
            let moves = Moves.payoutEnd(rows, accounts: accounts, fee: fee, pool: pool)
            try writer.book(transaction == nil ? .payoutReleased : .payoutConfirmed, moves, chain: chain, payout: payout, at: time)
            try database.set(end, ofPayout: payout, at: time)
            return true
        }
    }

    /// Newest first.
    func payouts(chain: String?, states: [PayoutState]?, limit: Int) throws(LedgerError) -> [Payout] {
        let wanted = states.map { "p.state IN (\(Self.list($0)))" } ?? "1 = 1"
        return try read { database throws(LedgerError) in
            try database.payouts("\(wanted) AND ($1 = '' OR c.name = $1)", [.text(chain ?? ""), .integer(Int64(limit))])
        }
    }

    func payout(_ id: Int64) throws(LedgerError) -> Payout? {
        try read { database throws(LedgerError) in try database.payouts("p.id = $1", [.integer(id), 1]).first }
    }

    static func list(_ states: [PayoutState]) -> String {
        states.map { "'\($0.rawValue)'" }.joined(separator: ", ")
    }
}
