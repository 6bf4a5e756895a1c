internal import Glibc
import Synchronization

/// The ledger's tables behind one connection that writes and those that read.
///
/// Writers wait for each other, readers for nobody: each has a connection to itself for as long as it reads.
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
    /// How long ``read(_:)`` may take.
    private let patience: Duration
    private let writer: Mutex<Writer>
    /// Connections that nobody reads with at the moment.
    private let readers: Mutex<[any Database]>

    init(
        writer: any Database,
        reader: any Database,
        connect: @escaping @Sendable () throws(LedgerError) -> any Database,
        instance: Int,
        directory: WorkerDirectory,
        patience: Duration
    ) {
        self.connect = connect
        self.instance = instance
        self.directory = directory
        self.patience = patience
        self.writer = Mutex(Writer(database: writer))
        readers = Mutex([reader])
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

    /// Reads what somebody asks, who may ask for more than the store finds in a reasonable time.
    func read<Result>(_ body: (any Database) throws(LedgerError) -> Result) throws(LedgerError) -> Result {
        try read(within: patience, body)
    }

    /// Connections that are kept for the next who reads. As many read at once as there are threads that do; seldom are these more than two.
    private static let keptReaders = 4

    /// - Parameter limit: nil for what the ledger itself needs, however long that takes.
    func read<Result>(within limit: Duration?, _ body: (any Database) throws(LedgerError) -> Result) throws(LedgerError) -> Result {
        let idle = readers.withLock { $0.popLast() }
        let database = if let idle { idle } else { try connect() }
        database.limit(to: limit)
        do throws(LedgerError) {
            let result = try body(database)
            keep(database)
            return result
        } catch {
            // Where one session broke the idle ones did too: they go before each of them has failed for somebody.
            if case .unreachable = error { readers.withLock { $0 = [] } } else { keep(database) }
            throw error
        }
    }

    private func keep(_ reader: any Database) {
        readers.withLock { if $0.count < Self.keptReaders { $0.append(reader) } }
    }
}
