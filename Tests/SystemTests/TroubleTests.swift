import Accounting
import Foundation
import JSON
import Testing

@Suite("What goes wrong around a pool", .serialized)
struct TroubleTests {
    /// Neither touched nor taken for a ledger: the pool says why and what to do, on one line, and ends with 1.
    @Test(arguments: ["foreign", "newer", "corrupt", "unreachable"])
    func aStoreThatIsRefused(what: String) throws {
        let folder = try DataFolder()
        let path = folder.file("pool.db")
        let before: Data
        var store = "sqlite:pool.db"
        switch what {
        case "foreign": before = Data("a picture of a cat, and more than a hundred bytes of it: ".utf8) + Data(repeating: 7, count: 500)
        case "newer":
            try makeLedger(folder)
            var bytes = try Data(contentsOf: URL(fileURLWithPath: path))
            // The schema's version in SQLite's header, big-endian.
            bytes[60..<64] = Data([0, 0, 0, 99])
            before = bytes
        case "corrupt":
            try makeLedger(folder)
            var bytes = try Data(contentsOf: URL(fileURLWithPath: path))
            for page in stride(from: 8_192 * 2, to: bytes.count, by: 8_192) { bytes[page..<page + 64] = Data(repeating: 0xa5, count: 64) }
            before = bytes
        default:
            before = Data()
            store = "postgresql://pool:secret@127.0.0.1:1/pool"
        }
        if !before.isEmpty { try before.write(to: URL(fileURLWithPath: path)) }
        let configuration = folder.file("pool.json5")
        try """
        { chain: "regtest", data: "\(folder.path)", coinbase: { address: "\(LoadClient.account(1))" },
          nodes: [{ url: "http://127.0.0.1:1", user: "u", password: "p" }], stratum: [{ listen: "127.0.0.1:0" }],
          accounting: { store: "\(store)" }, admin: { listen: null } }
        """.write(toFile: configuration, atomically: true, encoding: .utf8)
        let (status, output) = try Programs.run("poold", ["run", "--config", configuration])
        #expect(status == 1)
        let lines = output.split(separator: "\n")
        #expect(lines.count == 1, "\(output)")
        let words = [
            "foreign": ["pool.db is not a Motherlode ledger", "left as it is"], "newer": ["version 99", "left as it is"],
            "corrupt": ["is damaged", "restore a backup"],
            "unreachable": ["postgresql://127.0.0.1:1/pool cannot be reached", "check that the server runs"],
        ]
        for word in words[what] ?? [] { #expect(lines.first?.contains(word) == true, "\(output)") }
        #expect(!output.contains("secret"))
        if !before.isEmpty { #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == before) }
        // The doctor finds the same before anything starts; damage inside a file it does not look for.
        let (checked, report) = try Programs.run("poold", ["check", "--config", configuration])
        #expect(checked == 1)
        if what != "corrupt" { #expect(report.contains(words[what]?[0] ?? "-"), "\(report)") }
    }

    private func makeLedger(_ folder: DataFolder) throws {
        try Ledger(LedgerSettings(dataFolder: folder.path)).close()
    }

    /// Nothing is acknowledged that is not stored, blocks go out all the same, and when there is room again shares are stored by the same process.
    @Test("a full disk", .timeLimit(.minutes(2)))
    func fullDisk() throws {
        let folder = try DataFolder()
        guard let disk = SmallDisk(at: folder.path, megabytes: 24) else { return print("a full disk is not tested: only root may mount one") }
        let log = FileManager.default.temporaryDirectory.path + "/motherlode-log-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: log) }
        let pool = try PoolProcess(
            [
                "dev", "--no-miner", "--share-difficulty", "1e-10", "--parent-bits", "1f07ffff", "--stratum", "127.0.0.1:0", "--admin",
                "127.0.0.1:0", "--data", folder.path,
            ],
            log: log
        )
        // Many workers with a share each: the room that the log has set aside is used up soon.
        let client = LoadClient(workers: (1...300).map { "rig\($0)" }, inFlight: 1)
        let load = client.start(port: pool.stratumPort)
        wait { client.acknowledged > 2_000 }
        #expect(client.current.refused["store-unavailable"] == nil)
        disk.fill()
        wait { client.current.refused["store-unavailable", default: 0] > 2_000 }
        #expect(client.current.refused["store-unavailable", default: 0] > 2_000)
        let (acknowledged, blocks) = (client.acknowledged, pool.blocks)
        wait { pool.blocks >= blocks + 2 }
        #expect(pool.blocks >= blocks + 2, "blocks wait for the disk")
        #expect(client.acknowledged == acknowledged)
        #expect(try pool.ask("status")["ledger"]?["failure"]?.string != nil)
        disk.free()
        wait { client.acknowledged > acknowledged + 2_000 }
        #expect(client.acknowledged > acknowledged + 2_000, "shares are not stored again")
        load.stop()
        let (book, counted) = (client.current, try pool.counted())
        for (worker, sent) in book.sent {
            let (least, found) = (book.acknowledged[worker, default: 0], counted[worker, default: 0])
            #expect(least <= found && found <= sent, "\(worker): \(least) acknowledged ≤ \(found) counted ≤ \(sent) sent")
        }
        // Shares are stored before the windows have caught up.
        func failure() throws -> String? { try pool.ask("status")["ledger"]?["failure"]?.string }
        wait { (try? failure()) == .some(nil) }
        #expect(try failure() == nil)
        pool.stop()
        let ledger = try Ledger(LedgerSettings(dataFolder: folder.path))
        #expect(ledger.poolFigures.accepted == UInt64(counted.values.reduce(0, +)))
        #expect(try ledger.audit().difference == nil)
        try ledger.close()
    }

    private func wait(_ seconds: Int = 30, until condition: () -> Bool) {
        let patience = ContinuousClock.now + .seconds(seconds)
        while !condition(), ContinuousClock.now < patience { usleep(5_000) }
    }

    /// libfaketime's program, which plays a clock that is set.
    private static let faketime = "/usr/bin/faketime"

    /// Set back by an hour under load, then forward by two: no share falls into a minute before the first one, none is lost.
    @Test(
        "clocks that are set",
        .timeLimit(.minutes(2)),
        .enabled(if: FileManager.default.isExecutableFile(atPath: faketime), "libfaketime is not installed here: apt-get install faketime")
    )
    func clockSteps() throws {
        let folder = try DataFolder()
        let steps = folder.file("clock")
        try "+0".write(toFile: steps, atomically: true, encoding: .utf8)
        let pool = try PoolProcess(
            [
                "dev", "--no-miner", "--share-difficulty", "1e-10", "--parent-bits", "1f07ffff", "--stratum", "127.0.0.1:0", "--admin",
                "127.0.0.1:0", "--data", folder.path,
            ],
            log: folder.file("log"),
            // Debian's wrapper sets up what the library would change the environment for, which Swift does not bear before `main`.
            wrapper: [
                Self.faketime, "-f", "+0", "/usr/bin/env", "-u", "FAKETIME", "FAKETIME_TIMESTAMP_FILE=\(steps)", "FAKETIME_NO_CACHE=1",
                "DONT_FAKE_MONOTONIC=1", "FAKETIME_DONT_FAKE_MONOTONIC=1",
            ]
        )
        let begin = Int64(Date().timeIntervalSince1970) / 60 * 60
        let client = LoadClient(workers: ["rig"], inFlight: 32)
        let load = client.start(port: pool.stratumPort)
        for step in ["+0", "-3600", "+7200", "+0"] {
            try step.write(toFile: steps, atomically: true, encoding: .utf8)
            let before = client.acknowledged
            wait { client.acknowledged > before + 1_500 }
            #expect(client.acknowledged > before + 1_500, "\(step): \(client.current.refused)")
        }
        load.stop()
        let (book, counted) = (client.current, try pool.counted())
        pool.stop()
        #expect(book.acknowledged["rig", default: 0] <= counted["rig", default: 0])
        #expect(counted["rig", default: 0] <= book.sent["rig", default: 0])
        let ledger = try Ledger(LedgerSettings(dataFolder: folder.path))
        let windows = try ledger.shareWindows(limit: 10_000)
        #expect(windows.reduce(0) { $0 + Int($1.accepted) } == counted["rig"])
        #expect(windows.allSatisfy { $0.start >= begin })
        // The step forward was followed.
        #expect(windows.contains { $0.start >= begin + 7_200 })
        #expect(try ledger.audit().difference == nil)
        try ledger.close()
    }
}
