extension LedgerStore.Writer {
    /// What accounts have in the last shares of together `wanted` weight: ``LastShares/weights(_:wanted:)`` over the stored minutes.
    ///
    /// Whole days and hours are taken as such, so that a window of weeks reads a few rows a worker; only the hour in which it begins is read by
    /// the minute. Where the minutes of that hour are gone, the hour itself is the window that is cut.
    /// - Parameter rows: takes the row of every account that may be among them.
    func lastShares(_ wanted: UInt128, rows: inout [String: Int64]) throws(LedgerError) -> AccountWeights {
        var weights: AccountWeights = [:]
        var missing = wanted
        var range = Int64.min..<Int64.max
        for (depth, span) in LedgerStore.spans.reversed().enumerated() {
            guard let oldest = try collect(span, in: range, into: &weights, missing: &missing, rows: &rows) else { return weights }
            let finer = LedgerStore.spans.dropLast(depth + 1).last
            range = oldest.start..<oldest.start + span
            if let finer, try total(finer, in: range) == oldest.weight { continue }
            weights.merge(LastShares.cut(try accountWeights(span, in: range, rows: &rows), to: missing), uniquingKeysWith: +)
            return weights
        }
        return weights
    }

    /// Takes whole windows, newest first, as long as they fit; the first that does not, or nil when all did.
    private func collect(
        _ span: Int64,
        in range: Range<Int64>,
        into weights: inout AccountWeights,
        missing: inout UInt128,
        rows: inout [String: Int64]
    ) throws(LedgerError) -> (start: Int64, weight: UInt128)? {
        var whole = range.upperBound
        var partial: (start: Int64, weight: UInt128)?
        let windows = try database.all(
            """
            SELECT start, CAST(sum(weight0) AS BIGINT), CAST(sum(weight1) AS BIGINT), CAST(sum(weight2) AS BIGINT) FROM share_window
            WHERE span = $1 AND start >= $2 AND start < $3 GROUP BY start ORDER BY start DESC
            """,
            [.integer(span), .integer(range.lowerBound), .integer(range.upperBound)]
        ) { row throws(LedgerError) in (start: row.integer(0), weight: try row.limbs(1)) }
        for window in windows {
            guard window.weight <= missing else {
                partial = window
                break
            }
            missing -= window.weight
            whole = window.start
            if missing == 0 { break }
        }
        if whole < range.upperBound {
            weights.merge(try accountWeights(span, in: whole..<range.upperBound, rows: &rows), uniquingKeysWith: +)
        }
        return missing == 0 ? nil : partial
    }

    private func total(_ span: Int64, in range: Range<Int64>) throws(LedgerError) -> UInt128 {
        try database.first(
            """
            SELECT CAST(coalesce(sum(weight0), 0) AS BIGINT), CAST(coalesce(sum(weight1), 0) AS BIGINT), CAST(coalesce(sum(weight2), 0) AS BIGINT)
            FROM share_window WHERE span = $1 AND start >= $2 AND start < $3
            """,
            [.integer(span), .integer(range.lowerBound), .integer(range.upperBound)]
        ) { row throws(LedgerError) in try row.limbs(0) } ?? 0
    }

    private func accountWeights(_ span: Int64, in range: Range<Int64>, rows: inout [String: Int64]) throws(LedgerError) -> AccountWeights {
        var weights: AccountWeights = [:]
        try database.query(
            """
            SELECT a.name, a.id, CAST(sum(s.weight0) AS BIGINT), CAST(sum(s.weight1) AS BIGINT), CAST(sum(s.weight2) AS BIGINT)
            FROM share_window s JOIN worker w ON w.id = s.worker JOIN account a ON a.id = w.account
            WHERE s.span = $1 AND s.start >= $2 AND s.start < $3 GROUP BY a.id, a.name
            """,
            [.integer(span), .integer(range.lowerBound), .integer(range.upperBound)]
        ) { row throws(LedgerError) in
            weights[row.text(0)] = try row.limbs(2)
            rows[row.text(0)] = row.integer(1)
        }
        return weights
    }
}
