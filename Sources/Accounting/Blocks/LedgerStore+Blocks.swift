extension LedgerStore {
    /// Puts a block on record; one that is there already stays as it is, so a journal can be worked off twice.
    /// - Parameter poolWeight: the pool's accepted weight since the ledger began.
    func record(_ block: FoundBlock, poolWeight: UInt128) throws(LedgerError) {
        try write { database, writer throws(LedgerError) in
            var worker = SQLValue.null
            if let handle = block.worker { worker = .integer(try writer.row(of: handle, in: directory, at: block.time)) }
            let values: [SQLValue] = [
                .integer(try writer.row(ofChain: block.chain, at: block.time)), .integer(block.height), .text(block.hash), SQLValue(block.parentHash),
                worker,
                .integer(Int64(instance)), .integer(block.time), .text(block.state.rawValue), "",
            ]
            try database.run(
                """
                INSERT INTO block (
                    chain, height, hash, parent_hash, worker, instance, time, state, answer,
                    reward0, reward1, reward2, network0, network1, network2, pool0, pool1, pool2, outside
                ) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19)
                ON CONFLICT (chain, hash) DO NOTHING
                """,
                values + Limbs(Self.credible(block.reward)).values + Limbs(block.networkWeight).values + Limbs(poolWeight).values
                    + [.integer(block.isOutside ? 1 : 0)]
            )
        }
    }

    /// Writes news of a block; false when no such block is on record or the news comes too late to matter.
    func update(chain: String, hash: String, _ news: BlockNews) throws(LedgerError) -> Bool {
        try write { database, writer throws(LedgerError) in
            let chain = try writer.row(ofChain: chain, at: 0)
            let found = try database.first("SELECT id, state FROM block WHERE chain = $1 AND hash = $2", [.integer(chain), .text(hash)]) {
                (id: $0.integer(0), state: BlockState(rawValue: $0.text(1)))
            }
            guard let found, let state = found.state, state.leads(to: news.state, by: news.source) else { return false }
            let id = SQLValue.integer(found.id)
            try database.run("UPDATE block SET state = $1 WHERE id = $2", [.text(news.state.rawValue), id])
            if let answer = news.answer { try database.run("UPDATE block SET answer = $1 WHERE id = $2", [.text(answer), id]) }
            if let height = news.height { try database.run("UPDATE block SET height = $1 WHERE id = $2", [.integer(height), id]) }
            if let reward = news.reward {
                try database.run(
                    "UPDATE block SET reward0 = $1, reward1 = $2, reward2 = $3 WHERE id = $4",
                    Limbs(Self.credible(reward)).values + [id]
                )
            }
            return true
        }
    }

    /// No chain pays 2^96 of its smallest units for a block. Rewards are what nodes say, and sums of larger ones would leave a store's integers: such
    /// a reward counts as not known.
    private static func credible(_ reward: UInt128) -> UInt128 { reward < 1 << 96 ? reward : 0 }

    /// Newest first.
    /// - Parameter since: found no earlier, milliseconds of Unix time.
    func blocks(
        chain: String?,
        account: String? = nil,
        states: [BlockState]?,
        since: Int64 = .min,
        limit: Int
    ) throws(LedgerError) -> [BlockRecord] {
        let wanted = states.map { "b.state IN (\(Self.list($0)))" } ?? "1 = 1"
        return try read { database throws(LedgerError) in
            try database.all(
                """
                SELECT b.id, c.name, b.height, b.hash, b.parent_hash, a.name, w.name, b.time, b.state, b.answer,
                    b.reward0, b.reward1, b.reward2, b.network0, b.network1, b.network2, b.pool0, b.pool1, b.pool2,
                    coalesce(p.pool0, c.pool0), coalesce(p.pool1, c.pool1), coalesce(p.pool2, c.pool2), b.outside
                FROM block b
                JOIN chain c ON c.id = b.chain
                LEFT JOIN worker w ON w.id = b.worker
                LEFT JOIN account a ON a.id = w.account
                LEFT JOIN block p ON p.id =
                    (SELECT max(e.id) FROM block e
                    WHERE e.chain = b.chain AND e.id < b.id AND e.outside = 0 AND e.state IN (\(Self.list(BlockState.endingRound))))
                WHERE \(wanted) AND ($1 = '' OR c.name = $1) AND (CAST($2 AS TEXT) IS NULL OR a.name = $2) AND b.time >= $3
                ORDER BY b.id DESC LIMIT $4
                """,
                [.text(chain ?? ""), SQLValue(account), .integer(since), .integer(Int64(limit))],
                Self.block
            )
        }
    }

    /// The pool's weight when the chain's last round ended, or when the chain came on record.
    func weightAtLastRound(chain: String) throws(LedgerError) -> UInt128 {
        try read { database throws(LedgerError) in
            try database.first(
                """
                SELECT coalesce(b.pool0, c.pool0), coalesce(b.pool1, c.pool1), coalesce(b.pool2, c.pool2)
                FROM chain c LEFT JOIN block b ON b.chain = c.id AND b.outside = 0 AND b.state IN (\(Self.list(BlockState.endingRound)))
                WHERE c.name = $1 ORDER BY b.id DESC LIMIT 1
                """,
                [.text(chain)]
            ) { row throws(LedgerError) in try row.limbs(0) }
        } ?? 0
    }

    /// How many blocks each chain has in each state.
    func blockCounts() throws(LedgerError) -> [(chain: String, state: BlockState, count: Int)] {
        try read { database throws(LedgerError) in
            try database.all(
                "SELECT c.name, b.state, count(*) FROM block b JOIN chain c ON c.id = b.chain GROUP BY c.name, b.state ORDER BY c.name, b.state"
            ) { row in (row.text(0), BlockState(rawValue: row.text(1)) ?? .found, Int(row.integer(2))) }
        }
    }

    static func list(_ states: [BlockState]) -> String {
        states.map { "'\($0.rawValue)'" }.joined(separator: ", ")
    }

    private static func block(_ row: any SQLRow) throws(LedgerError) -> BlockRecord {
        let (total, before) = (try row.limbs(16), try row.limbs(19))
        return BlockRecord(
            id: row.integer(0),
            chain: row.text(1),
            height: row.integer(2),
            hash: row.text(3),
            parentHash: row.optionalText(4),
            account: row.optionalText(5),
            worker: row.optionalText(6),
            time: row.integer(7),
            state: BlockState(rawValue: row.text(8)) ?? .found,
            answer: row.text(9),
            reward: try row.limbs(10),
            networkWeight: try row.limbs(13),
            roundWeight: total >= before ? total - before : 0,
            isOutside: row.integer(22) != 0
        )
    }
}
