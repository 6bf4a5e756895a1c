internal import CPostgreSQL

/// Where a PostgreSQL store is, and how sessions with it are set up. Nothing here but `SHOW fsync` is special to PostgreSQL itself: what speaks
/// its protocol may answer that it knows no such setting.
struct PostgreSQLServer: Sendable {
    /// `postgresql://…`, as libpq takes it; may hold a password.
    let url: String
    let durability: Durability

    /// The server and database without user and password, for messages.
    var name: String {
        guard let options = PQconninfoParse(url, nil) else { return "postgresql" }
        defer { PQconninfoFree(options) }
        var values: [String: String] = [:]
        var option = options
        while let keyword = option.pointee.keyword {
            if let value = option.pointee.val { values[String(cString: keyword)] = String(cString: value) }
            option += 1
        }
        let host = values["host"] ?? "localhost"
        return "postgresql://\(host.hasPrefix("/") ? "" : host)\(values["port"].map { ":\($0)" } ?? "")/\(values["dbname"] ?? values["user"] ?? "")"
    }

    /// A session in which a commit has reached the disk when it returns.
    func connect() throws(LedgerError) -> OpaquePointer {
        // What stands before the URL is a default, what stands behind it holds.
        let settings = [
            ("application_name", "motherlode"), ("connect_timeout", "5"), ("keepalives_idle", "10"), ("tcp_user_timeout", "10000"), ("dbname", url),
            ("client_encoding", "UTF8"),
        ]
        guard let connection = Self.lend(settings.map(\.0), { keys in Self.lend(settings.map(\.1)) { PQconnectdbParams(keys, $0, 1) } }) else {
            throw .unreachable(server: name, detail: "out of memory")
        }
        guard PQstatus(connection) == CONNECTION_OK else {
            let detail = Self.firstLine(PQerrorMessage(connection))
            PQfinish(connection)
            throw .unreachable(server: name, detail: detail)
        }
        PQsetNoticeProcessor(connection, { _, _ in }, nil)
        do throws(LedgerError) {
            try prepareSession(connection)
        } catch {
            PQfinish(connection)
            throw error
        }
        return connection
    }

    private func prepareSession(_ connection: OpaquePointer) throws(LedgerError) {
        let wanted: [String] = durability == .full ? ["on", "remote_apply"] : ["on", "remote_apply", "remote_write", "local", "off"]
        if let commit = Self.show("synchronous_commit", connection), !wanted.contains(commit) {
            PQclear(PQexec(connection, "SET synchronous_commit = on"))
            let now = Self.show("synchronous_commit", connection) ?? ""
            if !wanted.contains(now) { throw .notDurable(server: name, detail: "synchronous_commit is \(now) and cannot be set on") }
        }
        if durability == .relaxed { PQclear(PQexec(connection, "SET synchronous_commit = off")) }
        if durability == .full, Self.show("fsync", connection) == "off" { throw .notDurable(server: name, detail: "fsync is off") }
    }

    /// A setting's value; nil where the server knows none of this name.
    private static func show(_ setting: String, _ connection: OpaquePointer) -> String? {
        let result = PQexec(connection, "SHOW \(setting)")
        defer { PQclear(result) }
        guard PQresultStatus(result) == PGRES_TUPLES_OK, let value = PQgetvalue(result, 0, 0) else { return nil }
        return String(cString: value)
    }

    /// Lends strings as a list that ends with nil.
    private static func lend<Result>(_ words: [String], _ body: (UnsafePointer<UnsafePointer<CChar>?>) -> Result) -> Result {
        var bytes: [CChar] = []
        var starts: [Int] = []
        for word in words {
            starts.append(bytes.count)
            bytes += word.utf8CString
        }
        return bytes.withUnsafeBufferPointer { bytes in
            let pointers: [UnsafePointer<CChar>?] = starts.map { bytes.baseAddress! + $0 } + [nil]
            return pointers.withUnsafeBufferPointer { body($0.baseAddress!) }
        }
    }

    /// Servers and libpq explain themselves over several lines; the first says what is wrong.
    static func firstLine(_ message: UnsafePointer<CChar>?) -> String {
        let text = message.map { String(cString: $0) } ?? ""
        let line = text.split(separator: "\n").first.map(String.init) ?? "no reason given"
        return line.hasPrefix("ERROR:  ") || line.hasPrefix("FATAL:  ") ? String(line.dropFirst(8)) : line
    }
}
