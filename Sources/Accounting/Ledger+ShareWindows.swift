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

/// Whose shares a window counts.
public enum ShareWindowScope: Sendable, Equatable {
    /// Everybody's together.
    case pool
    /// An account's workers together.
    case account(String)
    /// Each worker of an account by itself.
    case workers(account: String)
    case worker(account: String, worker: String)

    /// The account and the worker that a window is said to be of.
    func place(account: String, worker: String) -> (account: String, worker: String) {
        switch self {
        case .pool: ("", "")
        case .account: (account, "")
        case .workers, .worker: (account, worker)
        }
    }

    /// Whether a worker's shares count.
    func counts(account: String, worker: String) -> Bool {
        switch self {
        case .pool: true
        case .account(let name), .workers(let name): account == name
        case .worker(let name, let wanted): account == name && worker == wanted
        }
    }
}

extension Ledger {
    /// The spans that windows are kept of, in seconds.
    public static let windowSpans = LedgerStore.spans

    /// Stored windows, newest first, as of the last fold.
    /// - Parameters:
    ///   - since: Unix seconds; a window that began earlier is left out.
    ///   - limit: the most windows.
    public func shareWindows(
        of scope: ShareWindowScope = .pool,
        since: Int64 = 0,
        span: Int64 = 60,
        limit: Int = 1_000
    ) throws(LedgerError) -> [ShareWindowRecord] {
        try store.read { database throws(LedgerError) in
            var search = WindowSearch(database, scope: scope, span: span, limit: limit)
            return try search.run(since: since)
        }
    }
}
