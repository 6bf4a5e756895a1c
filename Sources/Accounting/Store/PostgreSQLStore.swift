/// Opens a ledger's database on a PostgreSQL server, and nothing that is not one.
struct PostgreSQLStore: Sendable {
    let server: PostgreSQLServer
    var schema = Schema.ledger

    /// What is in the database.
    enum Content: Equatable {
        case nothing
        case ledger(version: Int)
    }

    /// A connection, the schema brought up to date. Pools that start together do this one after the other.
    func open() throws(LedgerError) -> PostgreSQL {
        let database = try PostgreSQL(server)
        var attempts = 10
        while true {
            do throws(LedgerError) {
                try database.transaction { () throws(LedgerError) in try bringForward(database) }
                return database
            } catch {
                attempts -= 1
                guard case .conflict = error, attempts > 0 else { throw error }
            }
        }
    }

    /// A connection that reads; nothing is changed.
    func connect() throws(LedgerError) -> PostgreSQL { try PostgreSQL(server) }

    /// Refuses a database that holds something else, or a newer ledger.
    func inspect(_ database: PostgreSQL) throws(LedgerError) -> Content {
        let tables = try database.all("SELECT table_name FROM information_schema.tables WHERE table_schema = current_schema()") { $0.text(0) }
        if tables.isEmpty { return .nothing }
        guard tables.contains("ledger_schema") else {
            throw .foreign(path: server.name, detail: "the schema holds tables of another application, among them \(tables.min() ?? "")")
        }
        let version = Int(try database.first("SELECT version FROM ledger_schema") { $0.integer(0) } ?? 0)
        if version > schema.current { throw .newer(path: server.name, version: version, known: schema.current) }
        return .ledger(version: version)
    }

    private func bringForward(_ database: PostgreSQL) throws(LedgerError) {
        var known = 0
        switch try inspect(database) {
        case .nothing:
            try database.execute("CREATE TABLE ledger_schema (version BIGINT NOT NULL)")
            try database.run("INSERT INTO ledger_schema (version) VALUES ($1)", [.integer(Int64(schema.current))])
        case .ledger(let version):
            known = version
            // Also makes this the only transaction that does so.
            if known < schema.current { try database.run("UPDATE ledger_schema SET version = $1", [.integer(Int64(schema.current))]) }
        }
        for step in schema.versions where step.number > known { try database.execute(step.script(database.dialect)) }
    }
}
