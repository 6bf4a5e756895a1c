/// A round as it is closed.
struct NewRound {
    var chain: Int64
    /// Nil when its shares are paid at once.
    var block: Int64?
    /// A ``RewardScheme/label``, or ``LedgerStore/outside``.
    var scheme: String
    var state: RoundState
    /// What a hash was paid, of such a round.
    var rate: PerShareRate?
    var reward: UInt128
    var networkWeight: UInt128
    var weight: UInt128
}

extension LedgerStore.Writer {
    /// Writes a round with its rows and their root; its chain is claimed.
    func insert(_ round: NewRound, _ rows: [(row: Int64, value: RoundRow)], at time: Int64) throws(LedgerError) -> Int64 {
        let started = try database.first(
            "SELECT coalesce(max(r.ended), c.since) FROM chain c LEFT JOIN round r ON r.chain = c.id WHERE c.id = $1 GROUP BY c.since",
            [.integer(round.chain)]
        ) { $0.integer(0) }
        let tree = WeightTree(rows.map { ($0.value.account, $0.value.weight) })
        let head: [SQLValue] = [
            .integer(round.chain), .integer(try numberRound(chain: round.chain)), SQLValue(round.block), .text(round.scheme),
            .text(round.state.rawValue),
            .integer(min(started ?? time, time)), .integer(time), .integer(Int64(round.rate?.shift ?? 0)),
        ]
        let id = try database.first(
            """
            INSERT INTO round (
                chain, number, block, scheme, state, started, ended, shift, numerator0, numerator1, numerator2,
                reward0, reward1, reward2, network0, network1, network2, weight0, weight1, weight2, root
            ) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21) RETURNING id
            """,
            head + Limbs(round.rate?.numerator ?? 0).values + Limbs(round.reward).values + Limbs(round.networkWeight).values
                + Limbs(round.weight).values + [.blob(tree.root)]
        ) { $0.integer(0) }
        guard let id else { throw .store("a round was not numbered") }
        try database.runEach(
            "INSERT INTO round_row (round, account, weight0, weight1, weight2, fee) VALUES ($1, $2, $3, $4, $5, $6)",
            count: rows.count
        ) { index in
            let (row, value) = rows[index]
            return [.integer(id), .integer(row)] + Limbs(value.weight).values + [.integer(Int64(value.fee.millionths))]
        }
        return id
    }

    func setReward(_ reward: UInt128, ofRound round: Int64) throws(LedgerError) {
        try database.run(
            "UPDATE round SET reward0 = $1, reward1 = $2, reward2 = $3 WHERE id = $4",
            Limbs(reward).values + [.integer(round)]
        )
    }

    func setState(_ state: RoundState, ofRound round: Int64) throws(LedgerError) {
        try database.run("UPDATE round SET state = $1 WHERE id = $2", [.text(state.rawValue), .integer(round)])
    }
}

extension Database {
    /// A round's rows in the order of their accounts' names, in which units are rounded up.
    func rows(ofRound round: Int64) throws(LedgerError) -> (rows: [RoundRow], accounts: [Int64]) {
        var found = try all(
            "SELECT r.account, a.name, r.weight0, r.weight1, r.weight2, r.fee FROM round_row r JOIN account a ON a.id = r.account WHERE r.round = $1",
            [.integer(round)]
        ) { row throws(LedgerError) in
            (
                account: row.integer(0),
                row: RoundRow(account: row.text(1), weight: try row.limbs(2), fee: PartsPerMillion(millionths: UInt64(row.integer(5))))
            )
        }
        // Not by the store, whose order may depend on its locale.
        found.sort { $0.row.account < $1.row.account }
        return (found.map(\.row), found.map(\.account))
    }
}

extension LedgerStore {
    /// Newest first.
    func rounds(chain: String?, limit: Int) throws(LedgerError) -> [RoundRecord] {
        try read { database throws(LedgerError) in
            try database.all(
                """
                SELECT c.name, r.number, b.hash, b.height, r.scheme, r.state, r.started, r.ended, r.weight0, r.weight1, r.weight2,
                    r.network0, r.network1, r.network2, r.reward0, r.reward1, r.reward2, r.root
                FROM round r JOIN chain c ON c.id = r.chain LEFT JOIN block b ON b.id = r.block
                WHERE $1 = '' OR c.name = $1 ORDER BY r.id DESC LIMIT $2
                """,
                [.text(chain ?? ""), .integer(Int64(limit))]
            ) { row throws(LedgerError) in
                RoundRecord(
                    chain: row.text(0),
                    number: row.integer(1),
                    blockHash: row.optionalText(2),
                    blockHeight: row.optionalInteger(3),
                    scheme: row.text(4),
                    state: RoundState(rawValue: row.text(5)) ?? .weighed,
                    from: row.integer(6),
                    to: row.integer(7),
                    weight: try row.limbs(8),
                    networkWeight: try row.limbs(11),
                    reward: try row.limbs(14),
                    root: row.blob(17)
                )
            }
        }
    }
}
