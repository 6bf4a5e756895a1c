extension LedgerStore {
    /// Sets what a chain pays for a hash from now on. What was worked before is credited at the former rate first.
    /// - Returns: false when the pool's own money does not suffice for that; the former rate stays.
    func setRate(_ rate: PerShareRate, reward: UInt128, networkWeight: UInt128, _ terms: ChainTerms, at time: Int64) throws(LedgerError) -> Bool {
        let isNew = try write { database, writer throws(LedgerError) in
            try writer.rate(chain: try writer.row(ofChain: terms.chain, at: time))?.rate != rate
        }
        guard isNew else { return true }
        guard try closePeriod(terms, at: time) else { return false }
        try write { database, writer throws(LedgerError) in
            try database.run(
                """
                INSERT INTO pay_rate (chain, shift, numerator0, numerator1, numerator2, reward0, reward1, reward2, network0, network1, network2)
                VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
                ON CONFLICT (chain) DO UPDATE SET shift = excluded.shift,
                    numerator0 = excluded.numerator0, numerator1 = excluded.numerator1, numerator2 = excluded.numerator2,
                    reward0 = excluded.reward0, reward1 = excluded.reward1, reward2 = excluded.reward2,
                    network0 = excluded.network0, network1 = excluded.network1, network2 = excluded.network2
                """,
                [.integer(try writer.row(ofChain: terms.chain, at: time)), .integer(Int64(rate.shift))]
                    + Limbs(rate.numerator).values + Limbs(reward).values + Limbs(networkWeight).values
            )
        }
        return true
    }

    /// Credits what was worked on a chain since the last such round, at the chain's rate.
    /// - Returns: false when that would take the pool's own money below its floor: nothing is credited, and the work waits.
    @discardableResult
    func closePeriod(_ terms: ChainTerms, at time: Int64) throws(LedgerError) -> Bool {
        try write { database, writer throws(LedgerError) in
            let chain = try writer.row(ofChain: terms.chain, at: time)
            try writer.claim(chain: chain)
            guard let price = try writer.rate(chain: chain) else { return true }
            let accounts = try writer.work(sinceRoundOf: chain)
            let fees = try writer.fees(chain: chain)
            let carries = try writer.carries(chain: chain)
            var carried: [Int64: PerShareRate.Carry] = [:]
            var rows: [(row: Int64, value: RoundRow)] = []
            var amounts: [UInt128] = []
            for account in accounts {
                let fee = fees[account.row] ?? terms.fee
                guard let paid = price.rate.pay(account.inRound, fee: fee, carry: carries[account.row] ?? .none) else {
                    throw .store("what \(account.name) earned on \(terms.chain) is out of range")
                }
                rows.append((account.row, RoundRow(account: account.name, weight: account.inRound, fee: fee)))
                amounts.append(paid.amount)
                carried[account.row] = paid.carry
            }
            let pool = try writer.rowOfPool(at: time)
            let owed = amounts.reduce(0, +)
            if owed > 0, try writer.balance(of: Book(account: pool, kind: .payable), chain: chain) - Int128(owed) < terms.floor {
                return false
            }
            if rows.isEmpty { return true }
            let round = NewRound(
                chain: chain,
                block: nil,
                scheme: terms.scheme.label,
                state: .perShare,
                rate: price.rate,
                reward: owed,
                networkWeight: price.networkWeight,
                weight: rows.reduce(0) { $0 + $1.value.weight }
            )
            let id = try writer.insert(round, rows, at: time)
            try writer.book(.perShare, Moves.perShare(amounts, accounts: rows.map(\.row), pool: pool), chain: chain, round: id, at: time)
            try writer.setBase(accounts, chain: chain)
            try writer.keep(carried, chain: chain)
            return true
        }
    }
}

extension LedgerStore.Writer {
    func rate(chain: Int64) throws(LedgerError) -> (rate: PerShareRate, networkWeight: UInt128)? {
        try database.first(
            "SELECT shift, numerator0, numerator1, numerator2, network0, network1, network2 FROM pay_rate WHERE chain = $1",
            [.integer(chain)]
        ) { row throws(LedgerError) in
            (PerShareRate(numerator: try row.limbs(1), shift: Int(row.integer(0))), try row.limbs(4))
        }
    }

    func balance(of book: Book, chain: Int64) throws(LedgerError) -> Int128 {
        try database.first(
            "SELECT into0, into1, into2, out0, out1, out2 FROM balance WHERE chain = $1 AND account = $2 AND kind = $3",
            [.integer(chain), .integer(book.account), .text(book.kind.rawValue)]
        ) { row throws(LedgerError) in try LedgerStore.balance(row, 0) } ?? 0
    }

    func carries(chain: Int64) throws(LedgerError) -> [Int64: PerShareRate.Carry] {
        var carries: [Int64: PerShareRate.Carry] = [:]
        try database.query("SELECT account, part0, part1, part2 FROM carry WHERE chain = $1", [.integer(chain)]) { row throws(LedgerError) in
            carries[row.integer(0)] = PerShareRate.Carry(numerator: try row.limbs(1))
        }
        return carries
    }

    func keep(_ carries: [Int64: PerShareRate.Carry], chain: Int64) throws(LedgerError) {
        let accounts = carries.keys.sorted()
        try database.runEach(
            """
            INSERT INTO carry (chain, account, part0, part1, part2) VALUES ($1, $2, $3, $4, $5)
            ON CONFLICT (chain, account) DO UPDATE SET part0 = excluded.part0, part1 = excluded.part1, part2 = excluded.part2
            """,
            count: accounts.count
        ) { index in
            [.integer(chain), .integer(accounts[index])] + Limbs(carries[accounts[index]]?.numerator ?? 0).values
        }
    }
}
