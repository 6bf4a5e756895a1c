internal import Glibc
import Synchronization

/// The ledger's tables behind one connection that writes and one that reads.
///
/// Writers wait for each other, readers never wait for writers.
final class LedgerStore: Sendable {
    /// The writing connection, and what is known of the rows behind handles.
    struct Writer: Sendable {
        let database: any Database
        /// Row ids of workers by handle; 0 while a worker has no row.
        var workerRows: [Int64] = []
        var chainRows: [String: Int64] = [:]
    }

    let instance: Int
    /// Opens another connection that reads, for what takes long.
    let connect: @Sendable () throws(LedgerError) -> any Database
    let directory: WorkerDirectory
    private let writer: Mutex<Writer>
    private let reader: Mutex<any Database>

    init(
        writer: any Database,
        reader: any Database,
        connect: @escaping @Sendable () throws(LedgerError) -> any Database,
        instance: Int,
        directory: WorkerDirectory
    ) {
        self.connect = connect
        self.instance = instance
        self.directory = directory
        self.writer = Mutex(Writer(database: writer))
        self.reader = Mutex(reader)
    }

    /// How often a transaction is run that comes into another's way.
    private static let attempts = 30

    /// Runs `body` in one transaction that writes. It is run again when the transaction came into another's way and was undone: what it leaves
    /// outside the store must be its result alone.
    @discardableResult
    func write<Result: Sendable>(
        _ body: (_ database: any Database, _ writer: inout Writer) throws(LedgerError) -> Result
    ) throws(LedgerError) -> Result {
        try writer.withLock { writer throws(LedgerError) in
            let known = (writer.workerRows, writer.chainRows)
            var attempt = 1
            while true {
                do throws(LedgerError) {
                    let database = writer.database
                    return try database.transaction { () throws(LedgerError) in try body(database, &writer) }
                } catch {
                    // Rows that were created in the transaction are gone with it.
                    (writer.workerRows, writer.chainRows) = known
                    guard case .conflict = error, attempt < Self.attempts else { throw error }
                    // Pools that hinder each other must not do so in step.
                    usleep(.random(in: 0...UInt32(attempt) * 2_000))
                    attempt += 1
                }
            }
        }
    }

    /// Comes after the last write.
    func settle() throws(LedgerError) {
        try writer.withLock { writer throws(LedgerError) in try writer.database.settle() }
    }

    func read<Result: Sendable>(_ body: (any Database) throws(LedgerError) -> Result) throws(LedgerError) -> Result {
        try reader.withLock { database throws(LedgerError) in try body(database) }
    }
}
