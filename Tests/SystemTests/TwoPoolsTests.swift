import Accounting
import Embedded
import Foundation
import HTTP
import Hashing
import LocalPostgreSQL
import Testing

@Suite("Two pools on one database", .serialized, .enabled(if: LocalPostgreSQL.isInstalled, Comment(rawValue: LocalPostgreSQL.whatIsMissing)))
struct TwoPoolsTests {
    /// Both under load on one chain, a worker of one name on both; one is killed, the other goes on, the first comes back. For every worker the
    /// pools' figures lie between what was acknowledged and what was sent on both together; every block is shared out once, the books are clean.
    @Test("count together, and go on when one is killed", .timeLimit(.minutes(10)))
    func oneIsKilled() async throws {
        let database = try #require(LocalPostgreSQL.shared).makeDatabase()
        var settings = EmbeddedNode.Settings()
        settings.bits = CompactBits(rawValue: 0x1f07_ffff)
        let node = try EmbeddedNode(settings)
        try await node.start()
        let folders = [try DataFolder(), try DataFolder()]
        var pools = try (0...1).map { try start(instance: $0, folders[$0], database, node) }
        let clients = (0...1).map { pool in
            LoadClient(workers: ["common"] + (1...4).map { "pool\(pool)-\($0)" }, inFlight: 32)
        }

        for round in 1...Self.kills {
            let before = clients.map(\.acknowledged)
            let loads = (0...1).map { clients[$0].start(port: pools[$0].stratumPort) }
            wait(for: clients, [before[0] + .random(in: 2_000...20_000), before[1] + .random(in: 2_000...20_000)], loads)
            pools[1].killHard()
            loads[1].wait()
            // The one that lives goes on by itself.
            let later = clients[0].acknowledged
            wait(for: [clients[0]], [later + 2_000], [loads[0]])
            #expect(clients[0].acknowledged >= later + 2_000)
            loads[0].stop()
            try check(clients, pools[0], "round \(round), the one that lives")
            pools[1] = try start(instance: 1, folders[1], database, node)
            try check(clients, pools[1], "round \(round), the one that came back")
        }
        for pool in pools { pool.stop() }
        await node.stop()

        let ledger = try Ledger(LedgerSettings(store: database, dataFolder: try DataFolder().path, instance: 9))
        let (report, rounds) = (try ledger.audit(), try ledger.rounds(limit: 100_000))
        #expect(report.difference == nil)
        let blocks = try ledger.blocks(limit: 100_000).filter {
            $0.state != .found && $0.state != .submitted && $0.state != .stale && $0.state != .rejected
        }
        #expect(rounds.count == Set(rounds.map(\.blockHash)).count)
        #expect(Set(rounds.compactMap(\.blockHash)).isSuperset(of: blocks.map(\.hash)))
        // Every share counts in one round, or in the one that is open.
        let credited = rounds.reduce(UInt128(0)) { $0 + $1.weight }
        #expect(credited <= ledger.poolFigures.weight && credited > ledger.poolFigures.weight / 2)
        let (sent, acknowledged) = (clients.reduce(0) { $0 + $1.current.sent.values.reduce(0, +) }, clients.reduce(0) { $0 + $1.acknowledged })
        print(
            "two pools: \(sent) sent, \(ledger.poolFigures.accepted) counted, \(acknowledged) acknowledged; \(rounds.count) rounds, \(report.bookings) bookings"
        )
        try ledger.close()
    }

    private static let kills = Int(ProcessInfo.processInfo.environment["TWO_POOLS_KILLS"] ?? "") ?? 2

    private func wait(for clients: [LoadClient], _ wanted: [Int], _ loads: [LoadClient.Running]) {
        let patience = ContinuousClock.now + .seconds(60)
        while zip(clients, wanted).contains(where: { $0.acknowledged < $1 }), loads.allSatisfy(\.isRunning), ContinuousClock.now < patience {
            usleep(1_000)
        }
    }

    /// Waits until the pool has read what the other counted, then holds every worker against the books.
    private func check(_ clients: [LoadClient], _ pool: PoolProcess, _ what: String) throws {
        var (least, most): ([String: Int], [String: Int]) = ([:], [:])
        for book in clients.map(\.current) {
            least.merge(book.acknowledged, uniquingKeysWith: +)
            most.merge(book.sent, uniquingKeysWith: +)
        }
        let patience = ContinuousClock.now + .seconds(40)
        var counted = try pool.counted()
        // Others' figures are read every ten seconds.
        while least.contains(where: { $1 > counted[$0, default: 0] }), ContinuousClock.now < patience {
            usleep(200_000)
            counted = try pool.counted()
        }
        for (worker, sent) in most {
            let (acknowledged, found) = (least[worker, default: 0], counted[worker, default: 0])
            #expect(acknowledged <= found && found <= sent, "\(what), \(worker): \(acknowledged) acknowledged ≤ \(found) counted ≤ \(sent) sent")
        }
    }

    private func start(instance: Int, _ folder: DataFolder, _ database: String, _ node: EmbeddedNode) throws -> PoolProcess {
        try PoolProcess(
            configuration: """
                {
                    chain: "regtest", data: "\(folder.path)", instance: \(instance), coinbase: { address: "\(LoadClient.account(1))" },
                    nodes: [{ url: "\(node.url)", user: "\(node.credentials.user)", password: "\(node.credentials.password)" }],
                    stratum: [{ listen: "127.0.0.1:0", difficulty: { start: 1e-10, min: 1e-10, max: 1e-10 } }],
                    accounting: { store: "\(database)", scheme: "prop" },
                    admin: { listen: null },
                }
                """,
            folder: folder
        )
    }
}
