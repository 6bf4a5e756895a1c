/// What an account worked in a chain's open round.
struct AccountWork: Sendable {
    var row: Int64
    var name: String
    var inRound: UInt128
    /// Since the ledger began, as the store adds it up: where the next round begins.
    var total: Limbs
}

extension LedgerStore.Writer {
    /// The accounts that worked since the chain's last round, as of the last fold.
    func work(sinceRoundOf chain: Int64) throws(LedgerError) -> [AccountWork] {
        // Totals and bases are sums of the same rows: where nothing was added they are alike limb by limb.
        try database.all(
            """
            SELECT a.id, a.name, t.weight0, t.weight1, t.weight2,
                coalesce(b.weight0, 0), coalesce(b.weight1, 0), coalesce(b.weight2, 0)
            FROM (
                SELECT w.account AS account, CAST(sum(s.weight0) AS BIGINT) AS weight0, CAST(sum(s.weight1) AS BIGINT) AS weight1,
                    CAST(sum(s.weight2) AS BIGINT) AS weight2
                FROM worker_total s JOIN worker w ON w.id = s.worker GROUP BY w.account
            ) t
            JOIN account a ON a.id = t.account
            LEFT JOIN account_base b ON b.chain = $1 AND b.account = t.account
            WHERE b.account IS NULL OR t.weight0 <> b.weight0 OR t.weight1 <> b.weight1 OR t.weight2 <> b.weight2
            ORDER BY a.id
            """,
            [.integer(chain)]
        ) { row throws(LedgerError) in
            let (total, base) = (try row.limbs(2), try row.limbs(5))
            return AccountWork(
                row: row.integer(0),
                name: row.text(1),
                inRound: total - min(base, total),
                total: Limbs(low: row.integer(2), middle: row.integer(3), high: row.integer(4))
            )
        }
    }

    /// What a block is shared out by under PROP: what was worked since the chain's last round.
    ///
    /// If that round was taken back, its rows go on into this one; they carry on those of rounds before that were taken back too. And where nothing
    /// was worked since, because two blocks came at once or late out of the journal, the last round's work has found both.
    /// - Parameter open: ``work(sinceRoundOf:)``.
    func workOfRound(_ open: [AccountWork], chain: Int64) throws(LedgerError) -> [AccountWork] {
        let last = try database.first(
            """
            SELECT r.id, r.scheme, r.state FROM round r LEFT JOIN block b ON b.id = r.block
            WHERE r.chain = $1 AND r.scheme <> $2 AND coalesce(b.state, '') <> $3 ORDER BY r.id DESC LIMIT 1
            """,
            [.integer(chain), .text(LedgerStore.outside), .text(BlockState.uncle.rawValue)]
        ) { (id: $0.integer(0), scheme: $0.text(1), state: RoundState(rawValue: $0.text(2))) }
        let isIdle = open.allSatisfy { $0.inRound == 0 }
        guard let last, last.scheme == RewardScheme.prop.label, isIdle || last.state == .reversed else { return open }
        var work = Dictionary(uniqueKeysWithValues: open.map { ($0.row, $0) })
        let (rows, accounts) = try database.rows(ofRound: last.id)
        for (row, account) in zip(rows, accounts) {
            work[account, default: AccountWork(row: account, name: row.account, inRound: 0, total: Limbs(0))].inRound += row.weight
        }
        return work.values.sorted { $0.row < $1.row }
    }

    /// Begins a round: what was worked up to now counts in the one before.
    func setBase(_ accounts: [AccountWork], chain: Int64) throws(LedgerError) {
        try database.runEach(
            """
            INSERT INTO account_base (chain, account, weight0, weight1, weight2) VALUES ($1, $2, $3, $4, $5)
            ON CONFLICT (chain, account) DO UPDATE SET weight0 = excluded.weight0, weight1 = excluded.weight1, weight2 = excluded.weight2
            """,
            count: accounts.count
        ) { index in [.integer(chain), .integer(accounts[index].row)] + accounts[index].total.values }
    }

    /// Fees that differ from the chain's, by account.
    func fees(chain: Int64) throws(LedgerError) -> [Int64: PartsPerMillion] {
        var fees: [Int64: PartsPerMillion] = [:]
        try database.query("SELECT account, millionths FROM account_fee WHERE chain = $1", [.integer(chain)]) { row in
            fees[row.integer(0)] = PartsPerMillion(millionths: UInt64(row.integer(1)))
        }
        return fees
    }
}
