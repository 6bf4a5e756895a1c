import Accounting
import Embedded
import Foundation
import HTTP
import Hashing
import JSON
import Testing

/// Programs that change under a load, as an operator upgrades them.
@Suite("A pool that is upgraded", .serialized)
struct UpgradeTests {
    /// A thousand plain miners, three upgrades: nobody is disconnected, and every share sent is answered once.
    @Test("keeps a thousand miners and every share of theirs", .timeLimit(.minutes(5)))
    func underLoad() async throws {
        let scene = try await Scene()
        let pool = try PoolProcess(configuration: scene.configuration(), folder: scene.folder)
        let client = LoadClient(workers: (1...1_000).map { "rig\($0)" }, inFlight: 2)
        let load = client.start(port: pool.stratumPort)
        var pauses: [Int64] = []
        var process = pool.process.processIdentifier
        for _ in 1...3 {
            let before = client.acknowledged
            while client.acknowledged < before + 5_000, load.isRunning { usleep(1_000) }
            let report = try pool.ask("upgrade")
            #expect(report["connections"]?.integer == 1_000)
            let next = try #require(report["process"]?.integer.map { pid_t($0) })
            #expect(next != process)
            process = next
            pauses.append(report["pauseMs"]?.integer ?? 0)
        }
        let before = client.acknowledged
        while client.acknowledged < before + 5_000, load.isRunning { usleep(1_000) }
        #expect(load.isRunning)
        load.stop()
        let book = client.current
        let counted = try pool.counted()
        _ = try pool.ask("stop")
        let (sent, answered) = (Self.sum(book.sent), Self.sum(book.acknowledged) + Self.sum(book.refused))
        #expect(answered == sent, "no share was left without an answer")
        for (worker, acknowledged) in book.acknowledged { #expect(counted[worker, default: 0] == acknowledged, "\(worker)") }
        #expect(Set(book.refused.keys).subtracting(["stale"]).isEmpty, "\(book.refused)")
        print("3 upgrades under 1,000 miners: \(sent) shares sent, \(answered) answered, pauses of \(pauses) ms")
        let ledger = try scene.ledger()
        #expect(try ledger.audit().difference == nil)
        try ledger.close()
        await scene.end()
    }

    /// Whatever is wrong with the new program, the old one serves on and says what it was.
    @Test("goes on as it was when the new program cannot", .timeLimit(.minutes(2)))
    func refusals() async throws {
        let scene = try await Scene()
        let pool = try PoolProcess(configuration: scene.configuration(), folder: scene.folder)
        let client = LoadClient(workers: ["rig1", "rig2"], inFlight: 4)
        let load = client.start(port: pool.stratumPort)
        func upgrade(_ arguments: String...) throws -> (status: Int32, output: String) {
            try Programs.run("poolctl", ["--socket", pool.socket, "upgrade"] + arguments)
        }
        func expectService() {
            let before = client.acknowledged
            while client.acknowledged < before + 500, load.isRunning { usleep(1_000) }
            #expect(load.isRunning && pool.process.isRunning)
        }
        expectService()
        // It ends at once; it is no program; it is nobody's to choose.
        #expect(try upgrade("/bin/false").output.contains("the new program ended"))
        #expect(try upgrade("/nonexistent").output.contains("No such file"))
        let foreign = scene.folder.file("foreign")
        try FileManager.default.copyItem(atPath: "/bin/true", toPath: foreign)
        try FileManager.default.setAttributes([.posixPermissions: 0o777], ofItemAtPath: foreign)
        #expect(try upgrade(foreign).output.contains("writable by nobody else"))
        expectService()
        // It gets as far as the miners: then a port that it is to listen on turns out to be another program's.
        let busy = try PoolProcess(
            ["dev", "--no-miner", "--stratum", "127.0.0.1:0", "--admin", "127.0.0.1:0"],
            log: scene.folder.file("busy.log")
        )
        try scene.configuration(further: "{ listen: \"127.0.0.1:\(busy.stratumPort)\" },").write(
            toFile: scene.folder.file("pool.json5"),
            atomically: true,
            encoding: .utf8
        )
        let refused = try upgrade()
        #expect(refused.status == 1)
        #expect(refused.output.contains("the pool goes on as it was") && refused.output.contains("\(busy.stratumPort)"), "\(refused.output)")
        expectService()
        busy.stop()
        // With the port free the same upgrade is no trouble.
        #expect(try upgrade().status == 0)
        let before = client.acknowledged
        while client.acknowledged < before + 500, load.isRunning { usleep(1_000) }
        load.stop()
        let book = client.current
        #expect(Self.sum(book.acknowledged) + Self.sum(book.refused) == Self.sum(book.sent))
        _ = try pool.ask("stop")
        await scene.end()
    }

    /// The ledger can neither fold nor store: miners are told so, and stay, whichever process goes on.
    @Test("loses nobody on a full disk, whether the new program can go on or not", .timeLimit(.minutes(2)))
    func fullDisk() async throws {
        let scene = try await Scene()
        guard let disk = SmallDisk(at: scene.folder.path, megabytes: 64) else {
            return print("an upgrade on a full disk is not tested: only root may mount one")
        }
        let pool = try PoolProcess(configuration: scene.configuration(), folder: scene.folder)
        let busy = try PoolProcess(
            ["dev", "--no-miner", "--stratum", "127.0.0.1:0", "--admin", "127.0.0.1:0"],
            log: FileManager.default.temporaryDirectory.path + "/motherlode-log-\(UUID().uuidString)"
        )
        try scene.configuration(further: "{ listen: \"127.0.0.1:\(busy.stratumPort)\" },").write(
            toFile: scene.folder.file("pool.json5"),
            atomically: true,
            encoding: .utf8
        )
        let client = LoadClient(workers: (1...300).map { "rig\($0)" }, inFlight: 1)
        let load = client.start(port: pool.stratumPort)
        func refused() -> Int { client.current.refused["store-unavailable", default: 0] }
        func wait(until condition: () -> Bool) {
            while !condition(), load.isRunning { usleep(1_000) }
            #expect(load.isRunning)
        }
        wait { client.acknowledged > 2_000 }
        disk.fill()
        wait { refused() > 2_000 }
        let failed = try Programs.run("poolctl", ["--socket", pool.socket, "upgrade"])
        #expect(failed.output.contains("the pool goes on as it was"), "\(failed.output)")
        var before = refused()
        wait { refused() > before + 2_000 }
        #expect(pool.process.isRunning)
        busy.stop()
        let report = try pool.ask("upgrade")
        #expect(report["connections"]?.integer == 300)
        before = refused()
        wait { refused() > before + 2_000 }
        before = client.acknowledged
        disk.free()
        wait { client.acknowledged > before + 2_000 }
        load.stop()
        let book = client.current
        #expect(Self.sum(book.acknowledged) + Self.sum(book.refused) == Self.sum(book.sent))
        let counted = try pool.counted()
        for (worker, acknowledged) in book.acknowledged { #expect(counted[worker, default: 0] == acknowledged, "\(worker)") }
        _ = try pool.ask("stop")
        // As a service manager would start it again: it waits for room, and says so.
        disk.fill()
        let log = FileManager.default.temporaryDirectory.path + "/motherlode-log-\(UUID().uuidString)"
        let configuration = scene.folder.file("pool.json5")
        let starting = Task { try await aside { try PoolProcess(["run", "--config", configuration], log: log).stop() } }
        while (try? String(contentsOfFile: log, encoding: .utf8))?.contains("waits: ") != true { try await Task.sleep(for: .milliseconds(10)) }
        disk.free()
        try await starting.value
        let ledger = try scene.ledger()
        #expect(try ledger.audit().difference == nil)
        try ledger.close()
        await scene.end()
    }

    private static func sum(_ counts: [String: Int]) -> Int { counts.values.reduce(0, +) }

    /// A node, and a pool's configuration.
    private final class Scene {
        let folder: DataFolder
        private let node: EmbeddedNode
        private let url: String

        init() async throws {
            folder = try DataFolder()
            var settings = EmbeddedNode.Settings()
            settings.bits = CompactBits(rawValue: 0x1f07_ffff)
            node = try EmbeddedNode(settings)
            try await node.start()
            url = node.url
        }

        func configuration(further listener: String = "") -> String {
            """
            { chain: "regtest", data: "\(folder.path)", coinbase: { address: "\(LoadClient.account(9))" },
              nodes: [{ url: "\(url)", user: "\(node.credentials.user)", password: "\(node.credentials.password)" }],
              stratum: [{ listen: "127.0.0.1:0", difficulty: { start: 1e-10, min: 1e-10, max: 1e-10 } }, \(listener)],
              admin: { socket: "\(folder.path)/poold.sock", listen: null } }
            """
        }

        /// The ledger, once the pool's last process has let go of it: that process is nobody's child here, so its end cannot be waited for.
        func ledger() throws -> Ledger {
            while true {
                if let ledger = try? Ledger(LedgerSettings(dataFolder: folder.path)) { return ledger }
                usleep(5_000)
            }
        }

        func end() async { await node.stop() }
    }
}
