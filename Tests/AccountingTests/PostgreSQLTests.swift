import Foundation
import LocalPostgreSQL
import Synchronization
import Testing

@testable import Accounting

@Suite("A ledger on PostgreSQL", .serialized, .blocking, .enabled(if: LocalPostgreSQL.isInstalled, Comment(rawValue: LocalPostgreSQL.whatIsMissing)))
struct PostgreSQLTests {
    private let server: LocalPostgreSQL
    private let url: String

    init() throws {
        server = try #require(LocalPostgreSQL.shared)
        url = try server.makeDatabase()
    }

    private func settings(_ folder: DataFolder, instance: Int = 0, _ change: (inout LedgerSettings) -> Void = { _ in }) -> LedgerSettings {
        folder.settings {
            $0.store = url
            $0.instance = instance
            change(&$0)
        }
    }

    private var database: PostgreSQL {
        get throws { try PostgreSQL(PostgreSQLServer(url: url, durability: .full)) }
    }

    @Test func valuesComeBackAsTheyWere() throws {
        let database = try database
        try database.execute("CREATE TABLE t (a BIGINT, b DOUBLE PRECISION, c TEXT, d BYTEA)")
        let rows: [[SQLValue]] = [
            [.integer(.min), .real(0.1), .text(""), .blob([])],
            [.integer(.max), .real(.leastNonzeroMagnitude), .text("ä'\\$1\n\u{1F9F1}"), .blob(Array(0...255))],
            [.null, .null, .null, .null], [0, .real(-1.7976931348623157e308), "x", .blob([0])],
        ]
        for row in rows.prefix(2) { #expect(try database.run("INSERT INTO t VALUES ($1, $2, $3, $4)", row) == 1) }
        try database.runEach("INSERT INTO t VALUES ($1, $2, $3, $4)", count: 2) { rows[$0 + 2] }
        let found = try database.all("SELECT a, b, c, d FROM t") { row -> [SQLValue] in
            if row.isNull(0) { return [SQLValue](repeating: .null, count: 4) }
            return [.integer(row.integer(0)), .real(row.real(1)), .text(row.text(2)), .blob(row.blob(3))]
        }
        #expect(found == rows)
    }

    @Test func manyStatementsAtOnceStopAtTheFirstThatFails() throws {
        let database = try database
        try database.execute("CREATE TABLE t (a BIGINT PRIMARY KEY)")
        try database.runEach("INSERT INTO t VALUES ($1)", count: 1_000) { [.integer(Int64($0))] }
        #expect(throws: LedgerError.self) {
            try database.transaction { () throws(LedgerError) in
                try database.runEach("INSERT INTO t VALUES ($1)", count: 900) { [.integer(Int64(2_000 - $0 * 3))] }
            }
        }
        #expect(try database.first("SELECT count(*) FROM t") { $0.integer(0) } == 1_000)
    }

    @Test func aTransactionThatBrokeOffIsGoneAndTheNextOneFindsTheServer() throws {
        let database = try database
        try database.execute("CREATE TABLE t (a BIGINT)")
        #expect(throws: LedgerError.self) {
            try database.transaction { () throws(LedgerError) in
                try database.run("INSERT INTO t VALUES ($1)", [1])
                kick()
                try database.run("INSERT INTO t VALUES ($1)", [2])
            }
        }
        kick()
        _ = try database.transaction { () throws(LedgerError) in try database.run("INSERT INTO t VALUES ($1)", [3]) }
        #expect(try database.all("SELECT a FROM t") { $0.integer(0) } == [3])
    }

    /// Ends all sessions but the asking one.
    private func kick() {
        _ = try? server.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'motherlode'")
    }

    @Test func windowsAreWhatTheSharesSay() throws {
        let clock = TestClock(WindowOracle.begin)
        let ledger = try Ledger(settings(try DataFolder()) { $0.time = clock.source })
        var oracle = WindowOracle(seed: 8)
        try oracle.fill(ledger, clock)
        try oracle.check(ledger)
    }

    @Test func aQuestionThatTakesTooLongIsGivenUp() throws {
        let ledger = try Ledger(settings(try DataFolder()) { $0.patience = .milliseconds(50) })
        try ReadLimits.check(ledger)
        // A session that broke is replaced by one that has the limit too.
        kick()
        _ = try? ledger.hasAccount("a")
        try ReadLimits.check(ledger)
    }

    @Test func acknowledgedIsCommittedAndReplaced() throws {
        let folder = try DataFolder()
        let ledger = try Ledger(settings(folder))
        let worker = try #require(ledger.workers.handle(account: "alice", worker: "rig"))
        for _ in 0..<5 { try ledger.append([.accepted(worker, weight: 3, difficulty: 2), .rejected(worker, reason: 4)]) }
        #expect(try database.first("SELECT count(*) FROM share_group") { $0.integer(0) } == 5)
        // Sessions that break cost no share and count none twice.
        for _ in 0..<5 {
            kick()
            try ledger.append([.accepted(worker, weight: 3, difficulty: 2)])
        }
        let again = try crash(ledger, folder)
        #expect(again.poolFigures.accepted == 10)
        #expect(again.poolFigures.weight == 30)
        #expect(again.poolFigures.rejected[4] == 5)
        #expect(try database.first("SELECT count(*) FROM share_group") { $0.integer(0) } == 0)
    }

    /// The same data folder after the process that had it is gone.
    private func crash(_ ledger: Ledger, _ folder: DataFolder) throws -> Ledger {
        try Ledger(settings(try folder.afterCrash()))
    }

    /// The server crashes under a ledger that goes on appending: what was acknowledged is there, and nothing twice.
    @Test func aServerThatCrashes() throws {
        let server = try LocalPostgreSQL()
        let (url, folder) = (try server.makeDatabase(), try DataFolder())
        let ledger = try Ledger(folder.settings { $0.store = url })
        let worker = try #require(ledger.workers.handle(account: "alice", worker: "rig"))
        var (sent, acknowledged) = (0, 0)
        var isCrashed = false
        while acknowledged < 50, sent < 100_000 {
            if acknowledged == 25, !isCrashed {
                try server.crash()
                isCrashed = true
            }
            sent += 1
            if (try? ledger.append([.accepted(worker, weight: 3)])) != nil { acknowledged += 1 }
            if sent % 7 == 0 { try? ledger.foldAll() }
        }
        #expect(acknowledged == 50)
        #expect(acknowledged <= ledger.poolFigures.accepted && ledger.poolFigures.accepted <= sent)
        let again = try Ledger(try folder.afterCrash().settings { $0.store = url })
        #expect(acknowledged <= again.poolFigures.accepted && again.poolFigures.accepted <= sent)
        #expect(again.poolFigures.weight == 3 * UInt128(again.poolFigures.accepted))
        server.stop()
    }

    @Test func aSeatIsForOnePool() throws {
        let (first, second) = (try DataFolder(), try DataFolder())
        let ledger = try Ledger(settings(first))
        let worker = try #require(ledger.workers.handle(account: "alice", worker: "rig"))
        let name = PostgreSQLServer(url: url, durability: .full).name
        #expect(throws: LedgerError.seatTaken(server: name, instance: 0)) { try Ledger(settings(second)) }
        #expect(throws: LedgerError.inUse(path: first.file("ledger-owner"))) { try Ledger(settings(first)) }
        // It has shown no life for a minute: it is taken over, and counts no more.
        try database.execute("UPDATE pool_instance SET seen = seen - 61000")
        let heir = try Ledger(settings(second))
        #expect(throws: LedgerError.seatTaken(server: name, instance: 0)) { try ledger.append([.accepted(worker, weight: 1)]) }
        try heir.append([.accepted(try #require(heir.workers.handle(account: "alice", worker: "rig")), weight: 1)])
        try heir.close()
        // What is left in order can be taken at once.
        #expect(try Ledger(settings(try DataFolder())).poolFigures.accepted == 1)
    }

    @Test func poolsCountTogether() throws {
        let folders = [try DataFolder(), try DataFolder()]
        let chains = [ChainTerms(chain: Ledger.parentChain, scheme: .prop)]
        let pools = try [0, 1].map { index in try Ledger(settings(folders[index], instance: index) { $0.chains = chains }) }
        for (index, pool) in pools.enumerated() {
            for number in 0..<20 {
                let worker = try #require(pool.workers.handle(account: "account\(number % 5)", worker: "\(index)"))
                try pool.append([.accepted(worker, weight: UInt128(1 + index)), .rejected(worker, reason: 2)])
            }
        }
        // The second is killed: the first closes the round with what both acknowledged.
        try pools[0].recordBlock(
            FoundBlock(chain: Ledger.parentChain, height: 1, hash: "aa", worker: 0, time: 1, state: .accepted, reward: 60, networkWeight: 1)
        )
        try pools[0].settleRounds()
        #expect(try pools[0].rounds().map(\.weight) == [60])
        #expect(try pools[0].balances(account: "account3").map(\.immature) == [12])
        #expect(pools[0].poolFigures.accepted == 40)
        #expect(pools[0].poolFigures.rejected.total == 40)
        #expect(pools[0].workerFigures().map(\.shares.weight).reduce(0, +) == 60)
        // Both settle, one block is shared out once.
        try pools[1].settleRounds()
        try pools[1].updateBlock(chain: Ledger.parentChain, hash: "aa", BlockNews(state: .confirmed))
        try pools[1].settleRounds()
        try pools[0].settleRounds()
        #expect(try pools[1].balances(account: "account3").map(\.payable) == [12])
        #expect(try pools[1].rounds().count == 1)
        #expect(pools[1].poolFigures.weight == 60)
        // The second had another solution of the same work, which came too late because of the first.
        #expect(try !pools[1].updateBlock(chain: Ledger.parentChain, hash: "aa", BlockNews(state: .stale, by: .answer)))
        try pools[1].settleRounds()
        #expect(try pools[0].balances(account: "account3").map(\.payable) == [12])
        #expect(try pools[1].audit().isClean)
    }

    /// A pool whose clock is ahead has no claim on the last shares of a window: all go by the server's.
    @Test func sharesStandInTheOrderOfOneClock() throws {
        let pools = try ([3_600_000, 0, -3_600_000] as [Int64]).enumerated().map { index, ahead in
            try Ledger(
                settings(try DataFolder(), instance: index) {
                    $0.time.wall = { TimeSource.system.wall() + ahead }
                    $0.chains = [ChainTerms(chain: Ledger.parentChain, scheme: .pplns(window: .init(millionths: 1_000_000)))]
                }
            )
        }
        for (index, pool) in pools.enumerated() {
            try pool.append([.accepted(try #require(pool.workers.handle(account: "account\(index)", worker: "")), weight: 1_000)])
        }
        try pools[1].recordBlock(
            FoundBlock(chain: Ledger.parentChain, height: 1, hash: "aa", worker: 0, time: 1, state: .accepted, reward: 300, networkWeight: 2_100)
        )
        try pools[1].settleRounds()
        let starts = try database.all("SELECT DISTINCT start FROM share_window WHERE span = 60") { $0.integer(0) }
        let now = TimeSource.system.wall() / 1_000
        #expect(starts.allSatisfy { abs(now - $0) < 180 })
        // Alike where all are in one minute; where a minute ended in between, the later ones have more.
        let parts = try (0..<3).map { try pools[0].balances(account: "account\($0)").reduce(0) { $0 + $1.immature } }
        #expect(parts.reduce(0, +) == 300 && parts[0] <= 100 && parts == parts.sorted(), "\(parts)")
        for pool in pools { try pool.close() }
    }

    @Test func aDatabaseThatIsNoLedgerIsLeftAlone() throws {
        let database = try database
        try database.execute("CREATE TABLE customers (a BIGINT)")
        let name = database.server.name
        let folder = try DataFolder()
        #expect(throws: LedgerError.foreign(path: name, detail: "the schema holds tables of another application, among them customers")) {
            try Ledger(settings(folder))
        }
        try database.execute("DROP TABLE customers")
        try Ledger(settings(folder)).close()
        try database.execute("UPDATE ledger_schema SET version = 99")
        #expect(throws: LedgerError.newer(path: name, version: 99, known: Schema.ledger.current)) { try Ledger(settings(folder)) }
    }

    @Test func whatTheServerDoesNotKeepIsNotAcknowledged() throws {
        let name = try #require(url.dropFirst("postgresql:///".count).split(separator: "?").first)
        try server.execute("ALTER DATABASE \(name) SET synchronous_commit = off")
        #expect(try database.first("SHOW synchronous_commit") { $0.text(0) } == "on")
        let relaxed = try PostgreSQL(PostgreSQLServer(url: url, durability: .relaxed))
        #expect(try relaxed.first("SHOW synchronous_commit") { $0.text(0) } == "off")
    }

    @Test func serversThatDoNotAnswer() throws {
        let folder = try DataFolder()
        #expect {
            try Ledger(folder.settings { $0.store = "postgresql://u:secret@127.0.0.1:1/ledger" })
        } throws: { error in
            guard case LedgerError.unreachable(let server, _) = error else { return false }
            return server == "postgresql://127.0.0.1:1/ledger"
        }
    }

    /// Pools that start at the same moment on an empty database, and settle the same blocks at the same moment.
    @Test func poolsThatMeetEverywhere() throws {
        let count = 3
        let folders = try (0..<count).map { _ in try DataFolder() }
        let failures = Failures()
        let url = url
        DispatchQueue.concurrentPerform(iterations: count) { index in
            do {
                let settings = folders[index].settings {
                    $0.store = url
                    $0.instance = index
                    $0.chains = [ChainTerms(chain: Ledger.parentChain)]
                }
                let ledger = try Ledger(settings)
                for number in 0..<15 {
                    guard let worker = ledger.workers.handle(account: "account\(number % 7)", worker: "w") else { throw LedgerError.unknownWorker }
                    try ledger.append([.accepted(worker, weight: 5)])
                    try ledger.recordBlock(
                        FoundBlock(
                            chain: Ledger.parentChain,
                            height: 1,
                            hash: "block\(number)",
                            worker: worker,
                            time: 1,
                            state: .accepted,
                            reward: 1_000,
                            networkWeight: 10
                        )
                    )
                    try ledger.settleRounds()
                }
                try ledger.close()
            } catch {
                failures.add("\(index): \(error)")
            }
        }
        #expect(failures.all == [])
        let ledger = try Ledger(settings(folders[0]))
        #expect(ledger.poolFigures.accepted == UInt64(15 * count))
        #expect(try ledger.rounds().count == 15)
        #expect(try ledger.balances().reduce(0) { $0 + $1.immature } == 15_000)
        #expect(try ledger.audit().difference == nil)
    }
}

/// What threads found wrong.
private final class Failures: Sendable {
    private let texts = Mutex<[String]>([])
    func add(_ text: String) { texts.withLock { $0.append(text) } }
    var all: [String] { texts.withLock { $0 } }
}
