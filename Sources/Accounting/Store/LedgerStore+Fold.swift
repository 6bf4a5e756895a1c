extension LedgerStore {
    /// The spans windows are summed over, seconds: finer ones are dropped with age, their sums stand in the coarser.
    static let spans: [Int64] = [60, 3_600, 86_400]

    /// The last group this instance has folded.
    func position() throws(LedgerError) -> (sequence: UInt64, time: Int64) {
        try read(within: nil) { database throws(LedgerError) in
            try database.first("SELECT sequence, time FROM log_position WHERE instance = $1", [.integer(Int64(instance))]) {
                (UInt64($0.integer(0)), $0.integer(1))
            }
        } ?? (0, 0)
    }

    /// Adds a batch of this instance to its windows and moves the log's position, all or nothing: nothing is ever counted twice.
    func fold(_ batch: FoldBatch) throws(LedgerError) {
        try write { database, writer throws(LedgerError) in try add(batch, of: Int64(instance), database, &writer) }
    }

    /// Makes this transaction the only one that folds an instance's groups until it ends; the last group that is folded.
    func claimPosition(of instance: Int64, _ database: any Database) throws(LedgerError) -> UInt64 {
        try database.run(
            """
            INSERT INTO log_position (instance, sequence, time) VALUES ($1, 0, 0)
            ON CONFLICT (instance) DO UPDATE SET sequence = log_position.sequence
            """,
            [.integer(instance)]
        )
        return try database.first("SELECT sequence FROM log_position WHERE instance = $1", [.integer(instance)]) { UInt64($0.integer(0)) } ?? 0
    }

    /// The same in a transaction, for any instance.
    func add(_ batch: FoldBatch, of instance: Int64, _ database: any Database, _ writer: inout Writer) throws(LedgerError) {
        for window in batch.windows { try fold(window, of: instance, time: batch.time, database, &writer) }
        try foldRefusals(batch, of: instance, database, &writer)
        try database.run(
            """
            INSERT INTO log_position (instance, sequence, time) VALUES ($1, $2, $3)
            ON CONFLICT (instance) DO UPDATE SET sequence = excluded.sequence, time = excluded.time
            """,
            [.integer(instance), .integer(Int64(batch.through)), .integer(batch.time)]
        )
    }

    private func fold(
        _ window: FoldBatch.Window,
        of instance: Int64,
        time: Int64,
        _ database: any Database,
        _ writer: inout Writer
    ) throws(LedgerError) {
        // In the order of the key: neighbours share a page, and two instances that add to one store cannot wait for each other in a circle.
        var credits: [(row: Int64, credit: ShareGroup.Credit)] = []
        credits.reserveCapacity(window.credits.count)
        for credit in window.credits { credits.append((try writer.row(of: credit.worker, in: directory, at: time), credit)) }
        credits.sort { $0.row < $1.row }
        for span in Self.spans {
            let start = window.start / span * span
            try database.runEach(
                """
                INSERT INTO share_window (span, start, worker, instance, accepted, weight0, weight1, weight2)
                VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
                ON CONFLICT (span, start, worker, instance) DO UPDATE SET
                    accepted = share_window.accepted + excluded.accepted,
                    weight0 = share_window.weight0 + excluded.weight0,
                    weight1 = share_window.weight1 + excluded.weight1,
                    weight2 = share_window.weight2 + excluded.weight2
                """,
                count: credits.count
            ) { index in
                let (row, credit) = credits[index]
                return [.integer(span), .integer(start), .integer(row), .integer(instance), .integer(Int64(credit.count))]
                    + Limbs(credit.weight).values
            }
        }
        // A window's shares came at its end at the latest, and not after the batch.
        let last = min(time, (window.start + ShareWindow.span) * 1000 - 1)
        try database.runEach(
            """
            INSERT INTO worker_total
                (worker, instance, accepted, weight0, weight1, weight2, first_share, last_share, best, best_time)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
            ON CONFLICT (worker, instance) DO UPDATE SET
                accepted = worker_total.accepted + excluded.accepted,
                weight0 = worker_total.weight0 + excluded.weight0,
                weight1 = worker_total.weight1 + excluded.weight1,
                weight2 = worker_total.weight2 + excluded.weight2,
                last_share = excluded.last_share,
                best_time = CASE WHEN excluded.best > worker_total.best THEN excluded.best_time ELSE worker_total.best_time END,
                best = CASE WHEN excluded.best > worker_total.best THEN excluded.best ELSE worker_total.best END
            """,
            count: credits.count
        ) { index in
            let (row, credit) = credits[index]
            return [.integer(row), .integer(instance), .integer(Int64(credit.count))] + Limbs(credit.weight).values
                + [.integer(last), .integer(last), .real(credit.best), .integer(last)]
        }
    }

    private func foldRefusals(_ batch: FoldBatch, of instance: Int64, _ database: any Database, _ writer: inout Writer) throws(LedgerError) {
        var refusals: [(row: Int64, start: Int64, reason: UInt8, count: UInt64)] = []
        for (key, count) in batch.refusals {
            refusals.append((try writer.row(of: key.worker, in: directory, at: batch.time), key.start, key.reason, count))
        }
        refusals.sort { ($0.start, $0.row, $0.reason) < ($1.start, $1.row, $1.reason) }
        for span in Self.spans {
            try database.runEach(
                """
                INSERT INTO reject_window (span, start, worker, instance, reason, count) VALUES ($1, $2, $3, $4, $5, $6)
                ON CONFLICT (span, start, worker, instance, reason) DO UPDATE SET count = reject_window.count + excluded.count
                """,
                count: refusals.count
            ) { index in
                let refusal = refusals[index]
                return [
                    .integer(span), .integer(refusal.start / span * span), .integer(refusal.row), .integer(instance),
                    .integer(Int64(refusal.reason)), .integer(Int64(refusal.count)),
                ]
            }
        }
        try database.runEach(
            """
            INSERT INTO worker_reject (worker, instance, reason, count) VALUES ($1, $2, $3, $4)
            ON CONFLICT (worker, instance, reason) DO UPDATE SET count = worker_reject.count + excluded.count
            """,
            count: refusals.count
        ) { index in
            let refusal = refusals[index]
            return [.integer(refusal.row), .integer(instance), .integer(Int64(refusal.reason)), .integer(Int64(refusal.count))]
        }
    }
}
