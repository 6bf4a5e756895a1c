/// Looks for the newest windows of a scope, from the newest on backwards, in pieces of time.
///
/// A window's key begins with its span and start: one worker's windows lie far apart between those of all others. So they are not searched for
/// among them but looked up, start by start, and no further back than `limit` needs. Only an account that has a good part of all workers is
/// added up on a walk through all windows.
struct WindowSearch {
    private let database: any Database
    private let scope: ShareWindowScope
    private let span: Int64
    private let limit: Int
    private var way = Way.lookup
    private var places: [Key: Int] = [:]
    private var windows: [ShareWindowRecord] = []

    private struct Key: Hashable {
        var start: Int64
        var account: String
        var worker: String
    }

    /// How rows are found.
    enum Way {
        /// One by one, by start and worker.
        case lookup
        /// All of a range of starts, in their order.
        case walk
    }

    init(_ database: any Database, scope: ShareWindowScope, span: Int64, limit: Int) {
        self.database = database
        self.scope = scope
        self.span = span
        // Rows are counted in 64 bits, and a window may have many.
        self.limit = min(limit, 1 << 40)
    }

    mutating func run(since: Int64) throws(LedgerError) -> [ShareWindowRecord] {
        guard limit > 0, let newest = try bound("max"), let oldest = try bound("min"), since <= newest else { return [] }
        // Starts are multiples of the span.
        let first = max(oldest, (since + span - 1) / span * span)
        var end = newest + span
        // As many as may be enough, and twice as many each time they were not.
        let workers = try countWorkers()
        var count = Int64(max(1, limit / max(1, workers)))
        if case .account = scope {
            way = try isWorthAWalk(workers, newest: newest) ? .walk : .lookup
            count = Int64(limit)
        }
        while end > first, windows.count < limit {
            count = min(count, (end - first) / span)
            let start = end - count * span
            try readAccepted(start..<end)
            try readRefused(start..<end)
            end = start
            count *= 2
        }
        windows.sort { ($1.start, $0.account, $0.worker) < ($0.start, $1.account, $1.worker) }
        return Array(windows.prefix(limit))
    }

    /// The first or the last start of all windows of the span.
    private func bound(_ end: String) throws(LedgerError) -> Int64? {
        let found = try database.first(
            """
            SELECT \(end)(start) FROM (
                SELECT \(end)(start) AS start FROM share_window WHERE span = $1
                UNION ALL SELECT \(end)(start) FROM reject_window WHERE span = $1
            ) ends
            """,
            [.integer(span)]
        ) { $0.optionalInteger(0) }
        return found ?? nil
    }

    /// Whose rows one moment may have.
    private func countWorkers() throws(LedgerError) -> Int {
        switch scope {
        case .pool, .worker: return 1
        case .account(let account), .workers(let account):
            let count = try database.first(
                "SELECT count(*) FROM worker w JOIN account a ON a.id = w.account WHERE a.name = $1",
                [.text(account)]
            ) { $0.integer(0) }
            return Int(count ?? 0)
        }
    }

    /// A row that is looked up costs what some eight do that are walked by.
    private func isWorthAWalk(_ workers: Int, newest: Int64) throws(LedgerError) -> Bool {
        let rows = try database.first(
            "SELECT count(*) FROM share_window WHERE span = $1 AND start >= $2",
            // The newest window may have begun a second ago.
            [.integer(span), .integer(newest - span)]
        ) { $0.integer(0) }
        return 8 * workers > Int(rows ?? 0) / 2
    }

    private mutating func readAccepted(_ range: Range<Int64>) throws(LedgerError) {
        let statement = Self.statement(scope, way, table: "share_window", sums: ["accepted", "weight0", "weight1", "weight2"])
        try database.query(statement, values(range) + [.integer(Int64(limit))]) { row throws(LedgerError) in
            let place = place(of: row)
            windows[place].accepted = UInt64(row.integer(3))
            windows[place].weight = try row.limbs(4)
        }
    }

    private mutating func readRefused(_ range: Range<Int64>) throws(LedgerError) {
        let statement = Self.statement(scope, way, table: "reject_window", group: "s.reason", sums: ["count"])
        // A window may have every reason there is.
        try database.query(statement, values(range) + [.integer(Int64(limit) * 16)]) { row in
            windows[place(of: row)].rejected[UInt8(clamping: row.integer(3))] += UInt64(row.integer(4))
        }
    }

    private mutating func place(of row: any SQLRow) -> Int {
        var key = Key(start: row.integer(0), account: row.text(1), worker: row.text(2))
        if case .account(let account) = scope { key.account = account }
        if let known = places[key] { return known }
        places[key] = windows.count
        windows.append(ShareWindowRecord(start: key.start, span: span, account: key.account, worker: key.worker, accepted: 0, weight: 0))
        return windows.count - 1
    }

    private func values(_ range: Range<Int64>) -> [SQLValue] {
        let walked: [SQLValue] = [.integer(span), .integer(range.lowerBound), .integer(range.upperBound)]
        let lookedUp: [SQLValue] = [.integer(range.upperBound - span), .integer(span), .integer(range.lowerBound)]
        return switch scope {
        case .pool: walked
        case .account(let account): (way == .walk ? walked : lookedUp) + [.text(account)]
        case .workers(let account): lookedUp + [.text(account)]
        case .worker(let account, let worker): lookedUp + [.text(account), .text(worker)]
        }
    }

    /// Start, account and worker where they are shown, what else is grouped by, and the sums; ends with a parameter for how many rows.
    ///
    /// SQLite takes tables that are joined by CROSS JOIN in the order in which they stand.
    static func statement(_ scope: ShareWindowScope, _ way: Way, table: String, group: String? = nil, sums: [String]) -> String {
        let names: [String] =
            switch scope {
            case .pool, .account: []
            case .workers, .worker: ["a.name", "w.name"]
            }
        let group = group.map { [$0] } ?? []
        let shown = ["s.start"] + (names.isEmpty ? ["''", "''"] : names) + group + sums.map { "CAST(sum(s.\($0)) AS BIGINT)" }
        let select = "SELECT \(shown.joined(separator: ", ")) FROM"
        let groups = (["s.start"] + names + group).joined(separator: ", ")
        let newestFirst = "GROUP BY \(groups) ORDER BY \((["s.start DESC"] + names).joined(separator: ", ")) LIMIT"
        let range = "\(select) \(table) s WHERE s.span = $1 AND s.start >= $2 AND s.start < $3"
        switch (scope, way) {
        case (.pool, _): return "\(range) \(newestFirst) $4"
        case (.account, .walk):
            let workers = "SELECT w.id FROM worker w JOIN account a ON a.id = w.account WHERE a.name = $4"
            return "\(range) AND s.worker IN (\(workers)) \(newestFirst) $5"
        default:
            let isOne = if case .worker = scope { true } else { false }
            return """
                WITH RECURSIVE moment(start) AS (
                    SELECT CAST($1 AS BIGINT) UNION ALL SELECT start - $2 FROM moment WHERE start > $3
                )
                \(select) moment m CROSS JOIN account a CROSS JOIN worker w CROSS JOIN \(table) s
                WHERE a.name = $4\(isOne ? " AND w.name = $5" : "") AND w.account = a.id AND s.span = $2 AND s.start = m.start AND s.worker = w.id
                \(newestFirst) $\(isOne ? 6 : 5)
                """
        }
    }
}
