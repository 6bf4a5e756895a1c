/// What came of shares in a span of time.
public struct ShareWindowRecord: Sendable {
    /// Unix seconds.
    public let start: Int64
    /// Seconds.
    public let span: Int64
    /// Empty where the window is of all workers together.
    public let account: String
    public let worker: String
    public internal(set) var accepted: UInt64
    /// Expected hashes of the accepted.
    public internal(set) var weight: UInt128
    public internal(set) var rejected = RejectCounts()

    /// The sum of the accepted shares' difficulties.
    public var acceptedDifficulty: Double { weight.rounded / weightPerDifficulty }
}

extension Ledger {
    /// The spans that windows are kept of, in seconds.
    public static let windowSpans = LedgerStore.spans

    /// Stored windows, newest first, as of the last fold: a worker's, an account's workers', or all workers' together.
    /// - Parameters:
    ///   - worker: within `account`; nil for every worker of it.
    ///   - account: nil for the sum over all.
    ///   - since: Unix seconds; a window that began earlier is left out.
    public func shareWindows(
        account: String? = nil,
        worker: String? = nil,
        since: Int64 = 0,
        span: Int64 = 60,
        limit: Int = 1_000
    ) throws(LedgerError) -> [ShareWindowRecord] {
        try store.read { database throws(LedgerError) in
            try database.shareWindows(account: account, worker: worker, since: since, span: span, limit: limit)
        }
    }
}

private struct WindowKey: Hashable {
    var start: Int64
    var account: String
    var worker: String
}

extension Database {
    fileprivate func shareWindows(
        account: String?,
        worker: String?,
        since: Int64,
        span: Int64,
        limit: Int
    ) throws(LedgerError) -> [ShareWindowRecord] {
        // Names stand in the group only where single workers are asked for.
        let names = account == nil ? "'' AS account, '' AS worker" : "a.name AS account, w.name AS worker"
        let group = account == nil ? "s.start" : "s.start, a.name, w.name"
        let from = """
            s JOIN worker w ON w.id = s.worker JOIN account a ON a.id = w.account
            WHERE s.span = $1 AND s.start >= $2 AND (CAST($3 AS TEXT) IS NULL OR a.name = $3) AND (CAST($4 AS TEXT) IS NULL OR w.name = $4)
            """
        let wanted: [SQLValue] = [.integer(span), .integer(since), SQLValue(account), SQLValue(worker)]
        var places: [WindowKey: Int] = [:]
        var windows: [ShareWindowRecord] = []
        try query(
            """
            SELECT s.start, \(names), CAST(sum(s.accepted) AS BIGINT), CAST(sum(s.weight0) AS BIGINT), CAST(sum(s.weight1) AS BIGINT),
                CAST(sum(s.weight2) AS BIGINT)
            FROM share_window \(from) GROUP BY \(group) ORDER BY s.start DESC LIMIT $5
            """,
            wanted + [.integer(Int64(limit))]
        ) { row throws(LedgerError) in
            let key = WindowKey(start: row.integer(0), account: row.text(1), worker: row.text(2))
            places[key] = windows.count
            windows.append(
                ShareWindowRecord(
                    start: key.start,
                    span: span,
                    account: key.account,
                    worker: key.worker,
                    accepted: UInt64(row.integer(3)),
                    weight: try row.limbs(4)
                )
            )
        }
        try query(
            """
            SELECT s.start, \(names), s.reason, CAST(sum(s.count) AS BIGINT) FROM reject_window \(from)
            GROUP BY \(group), s.reason ORDER BY s.start DESC LIMIT $5
            """,
            // A window may have every reason there is.
            wanted + [.integer(Int64(limit) * 16)]
        ) { row in
            let key = WindowKey(start: row.integer(0), account: row.text(1), worker: row.text(2))
            if places[key] == nil {
                places[key] = windows.count
                windows.append(ShareWindowRecord(start: key.start, span: span, account: key.account, worker: key.worker, accepted: 0, weight: 0))
            }
            if let place = places[key] { windows[place].rejected[UInt8(clamping: row.integer(3))] += UInt64(row.integer(4)) }
        }
        windows.sort { ($1.start, $0.account, $0.worker) < ($0.start, $1.account, $1.worker) }
        return Array(windows.prefix(limit))
    }
}
