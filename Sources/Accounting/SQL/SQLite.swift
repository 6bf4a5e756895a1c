internal import CSQLite

/// A connection to an SQLite file. Statements are prepared once and kept.
///
/// `@unchecked Sendable` holds as long as one thread uses it at a time; ``LedgerStore`` keeps each connection under a lock.
final class SQLite: Database, @unchecked Sendable {
    let dialect = SQLDialect(
        integer: "INTEGER",
        identity: "INTEGER PRIMARY KEY",
        real: "REAL",
        blob: "BLOB",
        clustered: "STRICT, WITHOUT ROWID",
        table: "STRICT",
        begin: "BEGIN IMMEDIATE",
        beginSnapshot: "BEGIN"
    )

    enum Access {
        case create
        case write
        case read
    }

    private let path: String
    private let connection: OpaquePointer
    private var prepared: [String: OpaquePointer] = [:]
    /// What is read must be found by then.
    private var deadline = ContinuousClock.now
    private var patience = Duration.zero

    init(path: String, access: Access) throws(LedgerError) {
        let flags =
            switch access {
            case .create: SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE
            case .write: SQLITE_OPEN_READWRITE
            case .read: SQLITE_OPEN_READONLY
            }
        var opened: OpaquePointer?
        let code = sqlite3_open_v2(path, &opened, flags | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, nil)
        guard code == SQLITE_OK, let opened else {
            let text = opened.map { String(cString: sqlite3_errmsg($0)) } ?? "out of memory"
            sqlite3_close_v2(opened)
            throw Self.error(code, text, path: path)
        }
        self.path = path
        connection = opened
        sqlite3_busy_timeout(connection, 10_000)
    }

    deinit {
        for statement in prepared.values { sqlite3_finalize(statement) }
        sqlite3_close_v2(connection)
    }

    func execute(_ script: String) throws(LedgerError) {
        let code = sqlite3_exec(connection, script, nil, nil, nil)
        if code != SQLITE_OK { throw failure(code) }
    }

    @discardableResult
    func run(_ statement: String, _ values: [SQLValue]) throws(LedgerError) -> Int {
        let handle = try prepare(statement)
        defer { sqlite3_reset(handle) }
        try bind(values, to: handle)
        var code = sqlite3_step(handle)
        while code == SQLITE_ROW { code = sqlite3_step(handle) }
        if code != SQLITE_DONE { throw failure(code) }
        return Int(sqlite3_changes64(connection))
    }

    func runEach(_ statement: String, count: Int, _ values: (Int) -> [SQLValue]) throws(LedgerError) {
        let handle = try prepare(statement)
        for index in 0..<count {
            try bind(values(index), to: handle)
            let code = sqlite3_step(handle)
            sqlite3_reset(handle)
            if code != SQLITE_DONE { throw failure(code) }
        }
    }

    func query(_ statement: String, _ values: [SQLValue], _ row: (any SQLRow) throws(LedgerError) -> Void) throws(LedgerError) {
        let handle = try prepare(statement)
        defer { sqlite3_reset(handle) }
        try bind(values, to: handle)
        let shown = SQLiteRow(statement: handle)
        while true {
            let code = sqlite3_step(handle)
            if code == SQLITE_DONE { return }
            if code != SQLITE_ROW { throw failure(code) }
            try row(shown)
        }
    }

    /// Steps of SQLite's machine between two looks at the clock: tenths of a millisecond.
    private static let stepsBetweenLooks: Int32 = 10_000

    func limit(to patience: Duration?) {
        guard let patience else { return sqlite3_progress_handler(connection, 0, nil, nil) }
        self.patience = patience
        deadline = .now + patience
        // The handler is called by this connection's own statements alone, while they run, so the connection is there.
        sqlite3_progress_handler(connection, Self.stepsBetweenLooks, Self.isLate, Unmanaged.passUnretained(self).toOpaque())
    }

    private static let isLate: @convention(c) (UnsafeMutableRawPointer?) -> Int32 = { context in
        guard let context else { return 0 }
        return ContinuousClock.now < Unmanaged<SQLite>.fromOpaque(context).takeUnretainedValue().deadline ? 0 : 1
    }

    /// Moves the write-ahead log into the file: a connection that only reads, closed last, could not.
    func settle() throws(LedgerError) { try execute("PRAGMA wal_checkpoint(TRUNCATE)") }

    private func prepare(_ statement: String) throws(LedgerError) -> OpaquePointer {
        if let known = prepared[statement] { return known }
        var handle: OpaquePointer?
        let code = sqlite3_prepare_v3(connection, statement, -1, UInt32(SQLITE_PREPARE_PERSISTENT), &handle, nil)
        guard code == SQLITE_OK, let handle else { throw failure(code) }
        prepared[statement] = handle
        return handle
    }

    private func bind(_ values: [SQLValue], to statement: OpaquePointer) throws(LedgerError) {
        for (index, value) in values.enumerated() {
            let position = Int32(index + 1)
            let code =
                switch value {
                case .null: sqlite3_bind_null(statement, position)
                case .integer(let integer): sqlite3_bind_int64(statement, position, integer)
                case .real(let real): sqlite3_bind_double(statement, position, real)
                case .text(let text): sqlite3_bind_text(statement, position, text, Int32(text.utf8.count), Self.copied)
                case .blob(let bytes): sqlite3_bind_blob(statement, position, bytes, Int32(bytes.count), Self.copied)
                }
            if code != SQLITE_OK { throw failure(code) }
        }
    }

    /// SQLITE_TRANSIENT, whose cast Swift does not import: SQLite takes a copy.
    private static let copied = unsafeBitCast(-1, to: sqlite3_destructor_type.self)

    private func failure(_ code: Int32) -> LedgerError {
        // Nothing but the clock interrupts a statement here.
        if code & 0xff == SQLITE_INTERRUPT { return .tooLong(milliseconds: patience.milliseconds) }
        return Self.error(code, String(cString: sqlite3_errmsg(connection)), path: path)
    }

    private static func error(_ code: Int32, _ text: String, path: String) -> LedgerError {
        switch code & 0xff {
        case SQLITE_FULL: .diskFull(path: path)
        // SQLITE_IOERR_SHMSIZE, a macro that Swift does not import: there is no room for what connections share.
        case SQLITE_IOERR where code == SQLITE_IOERR | 19 << 8: .diskFull(path: path)
        case SQLITE_CORRUPT: .corrupt(path: path, detail: text)
        case SQLITE_NOTADB: .foreign(path: path, detail: text)
        case SQLITE_CANTOPEN, SQLITE_IOERR, SQLITE_READONLY, SQLITE_PERM: .file(path: path, detail: "\(text) (SQLite code \(code))")
        default: .store("\(text) (SQLite code \(code))")
        }
    }
}

/// The row a statement stands on.
private struct SQLiteRow: SQLRow {
    let statement: OpaquePointer

    func isNull(_ column: Int) -> Bool { sqlite3_column_type(statement, Int32(column)) == SQLITE_NULL }
    func integer(_ column: Int) -> Int64 { sqlite3_column_int64(statement, Int32(column)) }
    func real(_ column: Int) -> Double { sqlite3_column_double(statement, Int32(column)) }

    func text(_ column: Int) -> String {
        guard let text = sqlite3_column_text(statement, Int32(column)) else { return "" }
        let count = Int(sqlite3_column_bytes(statement, Int32(column)))
        return String(decoding: UnsafeBufferPointer(start: text, count: count), as: UTF8.self)
    }

    func blob(_ column: Int) -> [UInt8] {
        guard let bytes = sqlite3_column_blob(statement, Int32(column)) else { return [] }
        return Array(UnsafeRawBufferPointer(start: bytes, count: Int(sqlite3_column_bytes(statement, Int32(column)))))
    }
}
