internal import Glibc
import Synchronization

/// A share log in a table of the store: a group is durable when the database has committed it.
///
/// Every payload names its workers, so any pool on the database can fold any pool's groups: rounds close with all shares that were
/// acknowledged anywhere, and those of a pool that died wait for nobody. Whoever folds claims the pool's position in the same transaction,
/// so nothing is counted twice.
final class GroupTable: ShareLog {
    private struct Appender {
        let database: PostgreSQL
        /// Numbers passed over: one whose transaction ended unheard may be taken. So may the first, by the process before.
        var skipped: UInt64 = 1
    }

    private let appender: Mutex<Appender>
    private let seat: InstanceSeat
    private let directory: WorkerDirectory

    /// How long an append tries to reach the server again before its shares are refused, milliseconds.
    static let patience: Int64 = 3_000
    /// The most groups one transaction folds.
    private static let foldLimit = 2_000

    init(_ database: PostgreSQL, seat: InstanceSeat, directory: WorkerDirectory) {
        appender = Mutex(Appender(database: database))
        self.seat = seat
        self.directory = directory
    }

    var isSegmentFull: Bool { true }
    var isShared: Bool { true }
    /// The server's, known once ``foldRest(into:)`` has asked it.
    var sharedTime: Int64? { seat.serverTime }
    func rotate() {}

    /// All are folded when the log is opened: nothing is left to read.
    func replay(after sequence: UInt64, _ body: (UInt64, ArraySlice<UInt8>) throws(LedgerError) -> Void) throws(LedgerError) {}

    func append(_ payload: [UInt8], sequence: UInt64) throws(LedgerError) {
        try appender.withLock { appender throws(LedgerError) in
            let start = TimeSource.system.monotonic()
            while true {
                do throws(LedgerError) {
                    return try insert(payload, number: sequence + appender.skipped, appender.database)
                } catch {
                    let isTemporary = if case .unreachable = error { true } else if case .conflict = error { true } else { false }
                    guard isTemporary, TimeSource.system.monotonic() - start < Self.patience else {
                        appender.skipped += 1
                        throw error
                    }
                    usleep(50_000)
                }
            }
        }
    }

    /// One statement, one commit. Done again after a session broke, it waits for what the former session left under way, and stores nothing
    /// when that came through.
    private func insert(_ payload: [UInt8], number: UInt64, _ database: PostgreSQL) throws(LedgerError) {
        let stored = try database.run(
            """
            INSERT INTO share_group (instance, sequence, payload)
            SELECT CAST($1 AS BIGINT), CAST($2 AS BIGINT), CAST($3 AS BYTEA) FROM pool_instance WHERE instance = $1 AND owner = $4
            ON CONFLICT (instance, sequence) DO NOTHING
            """,
            [.integer(Int64(seat.instance)), .integer(Int64(number)), .blob(payload), .text(seat.owner)]
        )
        if stored == 0 { try seat.requireHeld(database) }
    }

    // MARK: Folding

    func fold(_ batch: FoldBatch, into store: LedgerStore) throws(LedgerError) {
        try fold(instance: Int64(seat.instance), into: store)
    }

    func foldRest(into store: LedgerStore) throws(LedgerError) {
        try seat.showLife(store)
        let instances = try store.read(within: nil) { database throws(LedgerError) in
            try database.all("SELECT DISTINCT instance FROM share_group ORDER BY instance") { $0.integer(0) }
        }
        for instance in instances { try fold(instance: instance, into: store) }
    }

    private func fold(instance: Int64, into store: LedgerStore) throws(LedgerError) {
        while try foldSome(instance: instance, into: store) == Self.foldLimit {}
    }

    /// Folds the oldest groups of a pool; how many it were.
    private func foldSome(instance: Int64, into store: LedgerStore) throws(LedgerError) -> Int {
        try store.write { database, writer throws(LedgerError) in
            let position = try store.claimPosition(of: instance, database)
            var decoder = GroupDecoder()
            var batch = FoldBatch()
            var count = 0
            try database.query(
                "SELECT sequence, payload FROM share_group WHERE instance = $1 AND sequence > $2 ORDER BY sequence LIMIT $3",
                [.integer(instance), .integer(Int64(position)), .integer(Int64(Self.foldLimit))]
            ) { row throws(LedgerError) in
                let sequence = UInt64(row.integer(0))
                guard let group = decoder.decode(row.blob(1)[...], sequence: sequence, directory: directory) else {
                    throw .corrupt(path: seat.server, detail: "group \(sequence) of instance \(instance) is not readable")
                }
                batch.add(group)
                count += 1
            }
            if count == 0 { return 0 }
            try store.add(batch, of: instance, database, &writer)
            try database.run(
                "DELETE FROM share_group WHERE instance = $1 AND sequence <= $2",
                [.integer(instance), .integer(Int64(batch.through))]
            )
            return count
        }
    }

    func close() {
        appender.withLock { seat.leave($0.database) }
    }
}
