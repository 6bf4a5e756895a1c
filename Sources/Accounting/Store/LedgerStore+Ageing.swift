extension LedgerStore {
    /// How long windows of one span are kept at least.
    struct Retention {
        var span: Int64
        /// The span their sums stand in, to whose bounds they are dropped.
        var coarser: Int64
        /// Seconds.
        var kept: Int64
    }

    /// Rows of one instance that leave the store.
    struct Aged {
        var windows: [ArchivedWindow] = []
        /// The start of the first window that was kept.
        var end: Int64
    }

    /// The oldest second that a PPLNS window of these chains may reach back to, when their next blocks come at up to four times the
    /// difficulty of their last: a retarget allows no more. The ledger's beginning, where such a chain has found no block yet.
    ///
    /// Nothing else reads windows: rounds of other schemes stand in totals, those of immature blocks have their rows.
    func reach(_ chains: [ChainTerms]) throws(LedgerError) -> Int64 {
        let multiples: [(chain: String, window: PartsPerMillion)] = chains.compactMap { terms in
            if case .pplns(let window) = terms.scheme { (terms.chain, window) } else { nil }
        }
        return try read(within: nil) { database throws(LedgerError) in
            var wanted: UInt128 = 0
            for (chain, window) in multiples {
                let network = try database.first(
                    """
                    SELECT b.network0, b.network1, b.network2 FROM block b JOIN chain c ON c.id = b.chain WHERE c.name = $1
                    ORDER BY b.id DESC LIMIT 1
                    """,
                    [.text(chain)]
                ) { row throws(LedgerError) in try row.limbs(0) }
                guard let network else { return .min }
                wanted = max(wanted, 4 * window.of(network))
            }
            if wanted == 0 { return .max }
            var reached: Int64?
            let days = try database.all(
                """
                SELECT start, CAST(sum(weight0) AS BIGINT), CAST(sum(weight1) AS BIGINT), CAST(sum(weight2) AS BIGINT) FROM share_window
                WHERE span = $1 GROUP BY start ORDER BY start DESC
                """,
                [.integer(Self.spans.last ?? 86_400)]
            ) { row throws(LedgerError) in (start: row.integer(0), weight: try row.limbs(1)) }
            var missing = wanted
            for day in days where reached == nil {
                if day.weight >= missing { reached = day.start } else { missing -= day.weight }
            }
            return reached ?? .min
        }
    }

    /// What this instance has in windows of a span that begin before `end`, oldest first, at most one coarser window of it.
    func aged(_ span: Int64, before end: Int64, coarser: Int64) throws(LedgerError) -> Aged? {
        try read(within: nil) { database throws(LedgerError) in
            let key: [SQLValue] = [.integer(span), .integer(Int64(instance)), .integer(end)]
            let oldest = try database.first(
                """
                SELECT min(start) FROM (
                    SELECT start FROM share_window WHERE span = $1 AND instance = $2 AND start < $3
                    UNION ALL SELECT start FROM reject_window WHERE span = $1 AND instance = $2 AND start < $3
                ) oldest
                """,
                key
            ) { $0.optionalInteger(0) }
            guard let oldest = oldest ?? nil else { return nil }
            var aged = Aged(end: min(end, (oldest / coarser + 1) * coarser))
            let range: [SQLValue] = [.integer(span), .integer(Int64(instance)), .integer(aged.end)]
            try database.query(
                """
                SELECT s.start, a.name, w.name, s.accepted, s.weight0, s.weight1, s.weight2 FROM share_window s
                JOIN worker w ON w.id = s.worker JOIN account a ON a.id = w.account
                WHERE s.span = $1 AND s.instance = $2 AND s.start < $3 ORDER BY s.start, s.worker
                """,
                range
            ) { row throws(LedgerError) in
                aged.windows.append(
                    ArchivedWindow(
                        start: row.integer(0),
                        span: span,
                        instance: instance,
                        account: row.text(1),
                        worker: row.text(2),
                        reason: 0,
                        count: UInt64(row.integer(3)),
                        weight: try row.limbs(4)
                    )
                )
            }
            try database.query(
                """
                SELECT s.start, a.name, w.name, s.reason, s.count FROM reject_window s
                JOIN worker w ON w.id = s.worker JOIN account a ON a.id = w.account
                WHERE s.span = $1 AND s.instance = $2 AND s.start < $3 ORDER BY s.start, s.worker, s.reason
                """,
                range
            ) { row in
                aged.windows.append(
                    ArchivedWindow(
                        start: row.integer(0),
                        span: span,
                        instance: instance,
                        account: row.text(1),
                        worker: row.text(2),
                        // What is refused for no known reason is told from what is accepted.
                        reason: Int(row.integer(3)) == 0 ? ArchivedWindow.unknownReason : Int(row.integer(3)),
                        count: UInt64(row.integer(4)),
                        weight: 0
                    )
                )
            }
            return aged
        }
    }

    /// Drops what ``aged(_:before:coarser:)`` gave.
    func drop(_ aged: Aged, span: Int64) throws(LedgerError) {
        try write { database, _ throws(LedgerError) in
            for table in ["share_window", "reject_window"] {
                try database.run(
                    "DELETE FROM \(table) WHERE span = $1 AND instance = $2 AND start < $3",
                    [.integer(span), .integer(Int64(instance)), .integer(aged.end)]
                )
            }
        }
    }
}
