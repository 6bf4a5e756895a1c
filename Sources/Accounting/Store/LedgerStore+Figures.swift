extension LedgerStore {
    /// Figures as of the last fold, of all instances, and what of them others counted.
    func loadFigures(at now: Int64) throws(LedgerError) -> (LiveTable, OtherPools) {
        try write { database, writer throws(LedgerError) in
            var live = LiveTable()
            var others = OtherPools()
            var handles: [Int64: UInt32] = [:]
            for (handle, row) in writer.workerRows.enumerated() where row != 0 { handles[row] = UInt32(handle) }
            try loadTotals(database, handles, into: &live)
            for row in try otherPools(database) { _ = others.take(row) }
            // The newest tier of each span first needs minutes for an hour and a bit, hours for a day, and hours again for a week.
            try loadRates(database, handles, span: 60, since: now / 1000 - 3_600 - 300, tiers: [.minutes, .fiveMinutes], into: &live)
            try loadRates(database, handles, span: 3_600, since: now / 1000 - 604_800 - 21_600, tiers: [.hours, .sixHours], into: &live)
            return (live, others)
        }
    }

    private func loadTotals(_ database: any Database, _ handles: [Int64: UInt32], into live: inout LiveTable) throws(LedgerError) {
        try database.query(
            """
            SELECT worker, accepted, weight0, weight1, weight2, first_share, last_share, best, best_time FROM worker_total
            """,
            []
        ) { row throws(LedgerError) in
            guard let handle = handles[row.integer(0)] else { return }
            let weight = try row.limbs(2)
            let change = { (running: inout LiveTable.Running) in
                running.accepted += UInt64(row.integer(1))
                running.weight += weight
                running.first = min(running.first ?? .max, row.integer(5))
                running.last = max(running.last ?? 0, row.integer(6))
                if row.real(7) > running.best {
                    running.best = row.real(7)
                    running.bestTime = row.integer(8)
                }
            }
            change(&live[handle])
            live.loadPool(change)
        }
        try database.query("SELECT worker, reason, count FROM worker_reject", []) { row in
            guard let handle = handles[row.integer(0)] else { return }
            let reason = UInt8(clamping: row.integer(1))
            let count = UInt64(row.integer(2))
            live.refuse(.init(worker: handle, reason: reason, count: count))
        }
    }

    private func loadRates(
        _ database: any Database,
        _ handles: [Int64: UInt32],
        span: Int64,
        since: Int64,
        tiers: [RateTier],
        into live: inout LiveTable
    ) throws(LedgerError) {
        try database.query(
            "SELECT start, worker, weight0, weight1, weight2 FROM share_window WHERE span = $1 AND start >= $2 ORDER BY start",
            [.integer(span), .integer(since)]
        ) { row throws(LedgerError) in
            guard let handle = handles[row.integer(1)] else { return }
            let weight = try row.limbs(2).rounded
            let moment = RateTiers.Moment(row.integer(0) * 1000)
            for tier in tiers {
                live[handle].rates.add(weight, at: moment, to: tier)
                live.loadPool { $0.rates.add(weight, at: moment, to: tier) }
            }
        }
    }
}
