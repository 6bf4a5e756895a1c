extension Ledger {
    /// Windows that left the store, newest first, as ``shareWindows(of:since:span:limit:)`` has those that are in it. Reads files: it takes
    /// seconds for months.
    public func archivedWindows(
        of scope: ShareWindowScope = .pool,
        since: Int64 = 0,
        span: Int64 = 60,
        limit: Int = 1_000
    ) throws(LedgerError) -> [ShareWindowRecord] {
        var found: [Place: ShareWindowRecord] = [:]
        try archive.read(since: since) { window in
            guard window.span == span, scope.counts(account: window.account, worker: window.worker) else { return }
            let (account, worker) = scope.place(account: window.account, worker: window.worker)
            let place = Place(start: window.start, account: account, worker: worker)
            var record =
                found[place]
                ?? ShareWindowRecord(start: place.start, span: span, account: place.account, worker: place.worker, accepted: 0, weight: 0)
            if window.reason == 0 {
                record.accepted += window.count
                record.weight += window.weight
            } else {
                record.rejected[UInt8(clamping: max(0, window.reason))] += window.count
            }
            found[place] = record
            // The files go forward in time and the newest windows are wanted.
            if found.count > limit + 50_000 { found = Dictionary(uniqueKeysWithValues: Self.newest(limit, of: found)) }
        }
        return Self.newest(limit, of: found).map(\.1)
    }

    private struct Place: Hashable {
        var start: Int64
        var account: String
        var worker: String
    }

    private static func newest(_ limit: Int, of found: [Place: ShareWindowRecord]) -> [(Place, ShareWindowRecord)] {
        let sorted = found.sorted { ($1.key.start, $0.key.account, $0.key.worker) < ($0.key.start, $1.key.account, $1.key.worker) }
        return sorted.prefix(limit).map { ($0.key, $0.value) }
    }
}
