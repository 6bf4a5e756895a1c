import Accounting
import Foundation
import Testing

@Suite("A pool that is killed", .serialized)
struct KillTests {
    /// How often it is killed; by hand more often.
    private static let rounds = Int(ProcessInfo.processInfo.environment["POOL_KILLS"] ?? "") ?? 20

    /// Killed under load, a random number of shares after each start, on the same data: for every worker, acknowledged ≤ counted ≤ sent, and
    /// the books are what their shares and blocks make them.
    @Test("counts what it acknowledged, and nothing twice", .timeLimit(.minutes(30)))
    func underLoad() throws {
        let folder = try DataFolder()
        let client = LoadClient(workers: (1...8).map { "rig\($0)" }, inFlight: 64)
        var loaded = Duration.zero
        for round in 1...Self.rounds {
            let pool = try start(folder)
            let (before, since) = (client.acknowledged, ContinuousClock.now)
            let load = client.start(port: pool.stratumPort)
            // Random in work done, so that a machine that is busy is killed as deep in it.
            let wanted = before + Int.random(in: 1...20_000)
            while client.acknowledged < wanted, load.isRunning, pool.process.isRunning { usleep(200) }
            pool.killHard()
            load.wait()
            loaded += ContinuousClock.now - since
            #expect(client.acknowledged >= wanted, "round \(round): \(client.current.refused)")
        }
        let pool = try start(folder)
        let (counted, book) = (try pool.counted(), client.current)
        for (worker, sent) in book.sent {
            let (least, found) = (book.acknowledged[worker, default: 0], counted[worker, default: 0])
            #expect(least <= found && found <= sent, "\(worker): \(least) acknowledged ≤ \(found) counted ≤ \(sent) sent")
        }
        #expect(Set(counted.keys) == Set(book.sent.keys))
        pool.stop()
        let ledger = try Ledger(LedgerSettings(dataFolder: folder.path))
        let report = try ledger.audit()
        #expect(report.difference == nil)
        let rate = Double(client.acknowledged) / (Double(loaded.components.attoseconds) / 1e18 + Double(loaded.components.seconds))
        print(
            "\(Self.rounds) kills at \(Int(rate)) shares/s: \(book.sent.values.reduce(0, +)) sent, \(counted.values.reduce(0, +)) counted,"
                + " \(client.acknowledged) acknowledged; \(report.rounds) rounds, \(report.bookings) bookings"
        )
        #expect(report.rounds > 0)
        try ledger.close()
    }

    /// Every hash is a share, one in eight thousand a block.
    private func start(_ folder: DataFolder) throws -> PoolProcess {
        try PoolProcess(
            [
                "dev", "--no-miner", "--share-difficulty", "1e-10", "--parent-bits", "1f07ffff", "--stratum", "127.0.0.1:0", "--admin",
                "127.0.0.1:0", "--data", folder.path,
            ],
            log: folder.file("log")
        )
    }
}
