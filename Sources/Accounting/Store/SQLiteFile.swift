internal import CSQLite
internal import Glibc

/// Opens a ledger's SQLite file, and nothing that is not one.
struct SQLiteFile: Sendable {
    let path: String
    var schema = Schema.ledger

    /// What an existing file is.
    private enum Kind {
        case absent
        case ledger(version: Int)
    }

    /// A connection that writes and one that reads, the schema brought up to date.
    func open() throws(LedgerError) -> (writer: SQLite, reader: SQLite) {
        try refuseForeign()
        if case .absent = try inspect() { try create() }
        try checkPages()
        let writer = try SQLite(path: path, access: .write)
        try writer.execute("PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA cache_size = -16384; PRAGMA journal_size_limit = 67108864")
        // The file's head may be behind its write-ahead log; the connection is not.
        let version = Int(try writer.first("PRAGMA user_version") { $0.integer(0) } ?? 0)
        if version > schema.current { throw .newer(path: path, version: version, known: schema.current) }
        if version < schema.current { try migrate(writer, from: version) }
        return (writer, try read())
    }

    /// A connection that reads.
    func read() throws(LedgerError) -> SQLite {
        let reader = try SQLite(path: path, access: .read)
        try reader.execute("PRAGMA cache_size = -8192")
        return reader
    }

    /// Refuses a file that is no ledger or a newer one, and changes nothing.
    func refuseForeign() throws(LedgerError) { _ = try exists() }

    /// Whether there is a ledger; refuses what is none, or a newer one.
    func exists() throws(LedgerError) -> Bool {
        guard case .ledger(let version) = try inspect() else { return false }
        if version > schema.current { throw .newer(path: path, version: version, known: schema.current) }
        return true
    }

    /// Judges the file by its first 100 bytes, so that a foreign one is not even opened.
    private func inspect() throws(LedgerError) -> Kind {
        if access(path, F_OK) != 0 { return .absent }
        let head = try File(reading: path).read(at: 0, limit: 100)
        if head.isEmpty { return .absent }
        guard head.count == 100, Array(head[..<16]) == Array("SQLite format 3\0".utf8) else {
            throw .foreign(path: path, detail: "not an SQLite database")
        }
        guard Self.number(head, at: 68) == UInt32(bitPattern: Schema.applicationID) else {
            throw .foreign(path: path, detail: "an SQLite database of another application")
        }
        return .ledger(version: Int(Self.number(head, at: 60)))
    }

    /// Big-endian, as SQLite's header is.
    private static func number(_ bytes: [UInt8], at offset: Int) -> UInt32 {
        bytes[offset..<offset + 4].reduce(0) { $0 << 8 | UInt32($1) }
    }

    /// Reads every page of a small file and the schema of a large one; damage elsewhere shows when it is met, and in an audit.
    private func checkPages() throws(LedgerError) {
        let database = try SQLite(path: path, access: .read)
        var status = stat()
        let isSmall = stat(path, &status) == 0 && status.st_size <= 64 << 20
        let found = try database.first(isSmall ? "PRAGMA quick_check(1)" : "SELECT count(*) FROM sqlite_schema") { row in row.text(0) }
        if isSmall, let found, found != "ok" { throw .corrupt(path: path, detail: found) }
    }

    /// Makes the file under another name and gives it its own when it is whole and on the disk: there is never half a ledger, nor a rollback
    /// journal beside one, which a connection that only reads could not undo.
    private func create() throws(LedgerError) {
        let unfinished = path + ".new"
        for leftover in ["", "-journal", "-wal", "-shm"] { unlink(unfinished + leftover) }
        // Before SQLite makes it readable to all.
        _ = try File(creating: unfinished, exclusively: true)
        do {
            let database = try SQLite(path: unfinished, access: .write)
            try database.execute("PRAGMA page_size = 8192; PRAGMA synchronous = FULL")
            try database.transaction { () throws(LedgerError) in
                for version in schema.versions { try database.execute(version.script(database.dialect)) }
                try mark(database)
            }
            try database.execute("PRAGMA journal_mode = WAL")
        }
        try File(creating: unfinished, exclusively: false).sync()
        if rename(unfinished, path) != 0 { throw File.failure(path) }
        try Folder.sync(Folder.parent(of: path))
    }

    private func mark(_ database: SQLite) throws(LedgerError) {
        try database.execute("PRAGMA application_id = \(Schema.applicationID); PRAGMA user_version = \(schema.current)")
    }

    /// Copies the file beside itself, then applies the missing versions in one transaction.
    private func migrate(_ database: SQLite, from version: Int) throws(LedgerError) {
        let copy = "\(path).v\(version).backup"
        unlink(copy)
        _ = try File(creating: copy, exclusively: true)
        try database.run("VACUUM INTO $1", [.text(copy)])
        try File(creating: copy, exclusively: false).sync()
        try Folder.sync(Folder.parent(of: path))
        try database.transaction { () throws(LedgerError) in
            for step in schema.versions where step.number > version { try database.execute(step.script(database.dialect)) }
            try mark(database)
        }
        try database.settle()
    }
}
