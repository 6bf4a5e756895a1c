internal import Synchronization

/// What other pools on the same store had counted when it was last read. What they count from then on is added to this pool's live figures.
struct OtherPools {
    struct Key: Hashable {
        var worker: Int64
        var instance: Int64
        /// 0 for accepted shares.
        var reason: Int64 = 0
    }

    /// One of their rows.
    struct Row {
        var key: Key
        var name: WorkerName
        var count: UInt64
        var weight: UInt128 = 0
        var best = 0.0
        /// Of the last share, milliseconds of Unix time.
        var time: Int64 = 0
    }

    private var counts: [Key: UInt64] = [:]
    private var weights: [Key: UInt128] = [:]

    /// What a row has more than when it was seen last.
    mutating func take(_ row: Row) -> (count: UInt64, weight: UInt128) {
        let before = (counts[row.key] ?? 0, weights[row.key] ?? 0)
        counts[row.key] = row.count
        if row.weight > 0 { weights[row.key] = row.weight }
        return (row.count - min(row.count, before.0), row.weight - min(row.weight, before.1))
    }
}

extension LedgerStore {
    func otherPools(_ database: any Database) throws(LedgerError) -> [OtherPools.Row] {
        var rows: [OtherPools.Row] = []
        try database.query(
            """
            SELECT t.worker, t.instance, a.name, w.name, t.accepted, t.weight0, t.weight1, t.weight2, t.best, t.last_share
            FROM worker_total t JOIN worker w ON w.id = t.worker JOIN account a ON a.id = w.account WHERE t.instance <> $1
            """,
            [.integer(Int64(instance))]
        ) { row throws(LedgerError) in
            rows.append(
                OtherPools.Row(
                    key: .init(worker: row.integer(0), instance: row.integer(1)),
                    name: WorkerName(account: row.text(2), worker: row.text(3)),
                    count: UInt64(row.integer(4)),
                    weight: try row.limbs(5),
                    best: row.real(8),
                    time: row.integer(9)
                )
            )
        }
        try database.query(
            """
            SELECT t.worker, t.instance, a.name, w.name, t.reason, t.count
            FROM worker_reject t JOIN worker w ON w.id = t.worker JOIN account a ON a.id = w.account WHERE t.instance <> $1
            """,
            [.integer(Int64(instance))]
        ) { row in
            rows.append(
                OtherPools.Row(
                    // The reason that is no reason stands apart from accepted shares.
                    key: .init(worker: row.integer(0), instance: row.integer(1), reason: row.integer(4) + 1),
                    name: WorkerName(account: row.text(2), worker: row.text(3)),
                    count: UInt64(row.integer(5))
                )
            )
        }
        return rows
    }
}

extension Ledger {
    /// Adds what other pools counted since the last time to the live figures.
    func readOthers() throws(LedgerError) {
        let rows = try store.read(within: nil) { database throws(LedgerError) in try store.otherPools(database) }
        let handles = rows.map { workers.handle(onRecord: $0.name) }
        others.withLock { others in
            live.withLock { live in
                for (row, handle) in zip(rows, handles) {
                    let more = others.take(row)
                    if row.key.reason > 0 {
                        live.refuse(.init(worker: handle, reason: UInt8(clamping: row.key.reason - 1), count: more.count))
                    } else if more.count > 0 {
                        live.add(.init(worker: handle, count: more.count, weight: more.weight, best: row.best), at: row.time)
                    }
                }
            }
        }
    }
}
