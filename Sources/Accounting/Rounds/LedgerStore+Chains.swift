extension LedgerStore.Writer {
    /// The row of a chain, created when there is none: its first round began with the ledger.
    mutating func row(ofChain name: String, at time: Int64) throws(LedgerError) -> Int64 {
        if let known = chainRows[name] { return known }
        try database.run(
            """
            INSERT INTO chain (name, scheme, rounds, since, pool0, pool1, pool2) VALUES ($1, '', 0, $2, 0, 0, 0)
            ON CONFLICT (name) DO NOTHING
            """,
            [.text(name), .integer(time)]
        )
        guard let row = try database.first("SELECT id FROM chain WHERE name = $1", [.text(name)], { $0.integer(0) }) else {
            throw .store("a chain's row vanished")
        }
        chainRows[name] = row
        return row
    }

    /// Makes this transaction the only one that settles the chain until it ends, whichever pool it runs in. What is read after it is what the
    /// last one left.
    func claim(chain: Int64) throws(LedgerError) {
        try database.run("UPDATE chain SET rounds = rounds WHERE id = $1", [.integer(chain)])
    }

    /// The next round's number on a chain that is claimed.
    func numberRound(chain: Int64) throws(LedgerError) -> Int64 {
        try database.run("UPDATE chain SET rounds = rounds + 1 WHERE id = $1", [.integer(chain)])
        return try database.first("SELECT rounds FROM chain WHERE id = $1", [.integer(chain)]) { $0.integer(0) } ?? 0
    }
}

extension LedgerStore {
    /// Whether a chain is on record with its scheme.
    func isOpen(_ terms: ChainTerms) throws(LedgerError) -> Bool {
        let scheme = try read(within: nil) { database throws(LedgerError) in
            try database.first("SELECT scheme FROM chain WHERE name = $1", [.text(terms.chain)]) { $0.text(0) }
        }
        return scheme == terms.scheme.label
    }

    /// Puts a chain on record with its scheme. What was worked before a chain came, or under another scheme, counts in none of its rounds.
    func openChain(_ terms: ChainTerms, at time: Int64) throws(LedgerError) {
        let former = try write { database, writer throws(LedgerError) in
            let chain = try writer.row(ofChain: terms.chain, at: time)
            return try database.first("SELECT scheme FROM chain WHERE id = $1", [.integer(chain)]) { $0.text(0) }
        }
        guard former != terms.scheme.label else { return }
        if let former, former == RewardScheme.pps.label || former == RewardScheme.fpps.label {
            // Shares are still owed at the former rate, whatever the pool's own money is now.
            var owed = terms
            owed.floor = .min
            try closePeriod(owed, at: time)
        }
        try write { database, writer throws(LedgerError) in
            let chain = try writer.row(ofChain: terms.chain, at: time)
            try database.run("UPDATE chain SET scheme = $1 WHERE id = $2", [.text(terms.scheme.label), .integer(chain)])
            let accounts = try writer.work(sinceRoundOf: chain)
            try writer.setBase(accounts, chain: chain)
            if former == "" {
                let total = Limbs(accounts.reduce(0) { $0 + $1.inRound })
                try database.run(
                    "UPDATE chain SET since = $1, pool0 = $2, pool1 = $3, pool2 = $4 WHERE id = $5",
                    [.integer(time)] + total.values + [.integer(chain)]
                )
            }
        }
    }
}
