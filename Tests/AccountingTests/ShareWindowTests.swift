import Testing

@testable import Accounting

@Suite("Windows of shares, and how they are looked for")
struct ShareWindowTests {
    @Test func everyScopeIsWhatTheSharesSay() throws {
        let clock = TestClock(WindowOracle.begin)
        let folder = try DataFolder()
        let ledger = try Ledger(folder.settings { $0.time = clock.source })
        var oracle = WindowOracle(seed: 7)
        try oracle.fill(ledger, clock)
        try oracle.check(ledger)
    }

    /// One worker's windows lie far apart between those of all others: reading through these is what must not come back.
    @Test(arguments: [ShareWindowScope.account("a"), .workers(account: "a"), .worker(account: "a", worker: "x")])
    func anAccountsWindowsAreLookedUp(scope: ShareWindowScope) throws {
        let folder = try DataFolder()
        let ledger = try Ledger(folder.settings())
        for table in ["share_window", "reject_window"] {
            let plan = try plan(ledger, scope, .lookup, table)
            #expect(plan.contains { $0.contains("SEARCH s USING PRIMARY KEY (span=? AND start=? AND worker=?)") }, "\(plan)")
            for all in ["SCAN s", "SCAN w", "SCAN a"] { #expect(!plan.contains { $0 == all || $0.hasPrefix(all + " ") }, "\(plan)") }
        }
    }

    @Test func manyWorkersWindowsAreAddedUpInTheirOrder() throws {
        let folder = try DataFolder()
        let ledger = try Ledger(folder.settings())
        let walk = "SEARCH s USING PRIMARY KEY (span=? AND start>? AND start<?)"
        #expect(try plan(ledger, .pool, .walk, "share_window") == [walk], "no sorting, no look at names")
        let account = try plan(ledger, .account("a"), .walk, "share_window")
        #expect(account.first == walk)
        #expect(!account.contains { $0.contains("TEMP B-TREE") || $0.hasPrefix("SCAN") }, "\(account)")
    }

    private func plan(_ ledger: Ledger, _ scope: ShareWindowScope, _ way: WindowSearch.Way, _ table: String) throws -> [String] {
        let statement = WindowSearch.statement(scope, way, table: table, sums: [table == "share_window" ? "accepted" : "count"])
        return try ledger.store.read { database throws(LedgerError) in try database.all("EXPLAIN QUERY PLAN " + statement) { $0.text(3) } }
    }

    @Test func aQuestionThatTakesTooLongIsGivenUp() throws {
        let folder = try DataFolder()
        try ReadLimits.check(try Ledger(folder.settings { $0.patience = .milliseconds(50) }))
    }
}

/// What holds of reading from either store; its ledger must have a patience of 50 ms.
enum ReadLimits {
    /// Counts for ever.
    private static let endless = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 0 FROM n) SELECT count(*) FROM n"
    private static let long =
        "WITH RECURSIVE n(i) AS (SELECT CAST(1 AS BIGINT) UNION ALL SELECT i + 1 FROM n WHERE i < 400000) SELECT count(*) FROM n"

    static func check(_ ledger: Ledger) throws {
        #expect(throws: LedgerError.tooLong(milliseconds: 50)) {
            try ledger.store.read { database throws(LedgerError) in try database.first(endless) { $0.integer(0) } }
        }
        // The connection is good for the next question, and what the ledger itself needs takes as long as it takes.
        #expect(try ledger.hasAccount("a") == false)
        let counted = try ledger.store.read(within: nil) { database throws(LedgerError) in try database.first(long) { $0.integer(0) } }
        #expect(counted == 400_000)
        // Who reads waits for nobody who reads: the second comes from within the first.
        let isThere = try ledger.store.read { _ throws(LedgerError) in try ledger.hasAccount("a") }
        #expect(isThere == false)
    }
}

/// Windows kept by a plain dictionary: what the store's are held against.
struct WindowOracle {
    static let begin: Int64 = 1_700_000_040_000

    private struct Key: Hashable {
        var span: Int64
        var start: Int64
        var name: WorkerName
    }

    private struct Sum: Equatable {
        var accepted: UInt64 = 0
        var weight: UInt128 = 0
        var rejected: UInt64 = 0

        mutating func add(_ more: Sum) {
            accepted += more.accepted
            weight += more.weight
            rejected += more.rejected
        }
    }

    private var sums: [Key: Sum] = [:]
    private var random: UInt64
    /// One account has many of the workers, others few: they are looked for in different ways.
    private let names =
        [("a", "x"), ("a", "y"), ("a", ""), ("b", "x"), ("c", "z")].map { WorkerName(account: $0.0, worker: $0.1) }
        + (0..<20).map { WorkerName(account: "d", worker: "\($0)") }

    init(seed: UInt64) { random = seed }

    /// xorshift64.
    private mutating func draw(_ bound: UInt64) -> UInt64 {
        random ^= random << 13
        random ^= random >> 7
        random ^= random << 17
        return random % bound
    }

    /// Some sixty minutes over a day and a half, with gaps; in some shares are only refused.
    mutating func fill(_ ledger: Ledger, _ clock: TestClock) throws {
        var now = Self.begin / 1000
        for _ in 0..<60 {
            var entries: [ShareEntry] = []
            for name in names where draw(3) > 0 {
                let worker = try #require(ledger.workers.handle(account: name.account, worker: name.worker))
                for _ in 0..<draw(4) {
                    let isAccepted = draw(3) > 0
                    let weight = UInt128(draw(1 << 40)) << 30
                    entries.append(isAccepted ? .accepted(worker, weight: weight) : .rejected(worker, reason: UInt8(1 + draw(5))))
                    for span in Ledger.windowSpans {
                        let more = isAccepted ? Sum(accepted: 1, weight: weight) : Sum(rejected: 1)
                        sums[Key(span: span, start: now / span * span, name: name), default: Sum()].add(more)
                    }
                }
            }
            try ledger.append(entries)
            let pause = draw(5) == 0 ? Int64(60 * (1 + draw(300))) : 60
            now += pause
            clock.pass(milliseconds: pause * 1000)
        }
        try ledger.foldAll()
    }

    func check(_ ledger: Ledger) throws {
        let scopes: [ShareWindowScope] = [
            .pool, .account("a"), .account("b"), .account("d"), .account("nobody"), .workers(account: "a"), .workers(account: "c"),
            .worker(account: "a", worker: "y"), .worker(account: "a", worker: "nobody"), .worker(account: "a", worker: ""),
        ]
        let begin = Self.begin / 1000
        for scope in scopes {
            for since in [0, begin, begin + 1, begin + 3_000, begin + 1_000_000, .max] {
                for limit in [0, 1, 2, 5, 17, 1_000, .max] {
                    for span in [Int64(60), 3_600] {
                        let found = try ledger.shareWindows(of: scope, since: since, span: span, limit: limit)
                        let wanted = expected(scope, since: since, span: span, limit: limit)
                        let isSame = found.elementsEqual(wanted) { found, wanted in
                            found.start == wanted.start && found.account == wanted.account && found.worker == wanted.worker && found.span == span
                                && Sum(accepted: found.accepted, weight: found.weight, rejected: found.rejected.total) == wanted.sum
                        }
                        #expect(isSame, "\(scope) since \(since), \(limit) of \(span) s")
                    }
                }
            }
        }
    }

    private typealias Row = (start: Int64, account: String, worker: String, sum: Sum)

    private func expected(_ scope: ShareWindowScope, since: Int64, span: Int64, limit: Int) -> [Row] {
        var rows: [Key: Sum] = [:]
        for (key, sum) in sums where key.span == span && key.start >= since && scope.counts(account: key.name.account, worker: key.name.worker) {
            let place = scope.place(account: key.name.account, worker: key.name.worker)
            rows[Key(span: span, start: key.start, name: WorkerName(account: place.account, worker: place.worker)), default: Sum()].add(sum)
        }
        let sorted = rows.map { Row($0.key.start, $0.key.name.account, $0.key.name.worker, $0.value) }
            .sorted { ($1.start, $0.account, $0.worker) < ($0.start, $1.account, $1.worker) }
        return Array(sorted.prefix(limit))
    }
}
