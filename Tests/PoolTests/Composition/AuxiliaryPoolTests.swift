import Accounting
import Bitcoin
import Embedded
import HTTP
import Hashing
import MergeMining
import Stratum
import Testing

@testable import Pool

@Suite("A pool with auxiliary chains", .serialized)
struct AuxiliaryPoolTests {
    @Test("one miner's shares become blocks on four chains, each judged by its own chain", .timeLimit(.minutes(2)))
    func fourChains() async throws {
        let folder = try TemporaryFolder()
        let targets = DevTargets(hashrate: 200_000)
        let chains = try await DevChains(folder: folder.path, targets: targets)
        var configuration = PoolConfiguration()
        configuration.data = folder.path
        configuration.coinbase.payout = Address(script: JobFixture.payout, chain: .regtest)
        configuration.nodes = [chains.parentNode]
        configuration.auxiliaries = chains.auxiliaries
        configuration.stratum[0].listen = ListenAddress(host: "127.0.0.1", port: 0)
        let tally = BlockTally(blocks: nil, auxiliaryBlocks: 2, on: chains.auxiliaryNames)
        let (done, feed) = AsyncStream.makeStream(of: Void.self)
        let service = try PoolService(
            configuration,
            engine: HashEngine.chosen(),
            fixedDifficulty: targets.shareDifficulty,
            onAccepted: { if tally.isComplete(with: $0) { feed.finish() } },
            errands: PoolErrands(stop: {})
        )
        try await service.start()
        let account = try #require(Address(script: .payToWitness(version: 0, program: [UInt8](repeating: 3, count: 20)), chain: .regtest))
        let port = try #require(service.server.addresses.first).port
        let miner = CPUMiner(.init(host: "127.0.0.1", port: port, user: "\(account).rig", engine: try HashEngine.chosen().scan))
        miner.start()
        for await _ in done {}
        await miner.stop()
        let status = try await service.auxiliaries()
        #expect(status.map(\.name) == ["rootstock", "namecoin", "syscoin"])
        for chain in status {
            #expect(chain.accepted >= 2, "\(chain.name)")
            #expect(chain.rejected == 0, "\(chain.name): \(chain.lastError ?? "")")
        }
        let rows = try await service.auxiliaryBlocks(account: nil, limit: 1000)
        #expect(Set(rows.map(\.chain)).count == 3)
        #expect(rows.allSatisfy { $0.parentHash.count == 64 && $0.worker.hasSuffix(".rig") })
        #expect(service.auxiliarySubmitter?.sabotage.isEmpty == true)
        await service.forkWatch?.look()
        let forks = try #require(try await service.auxiliaryForks())
        #expect(forks.lastError == nil)
        #expect(forks.monitor.tagged > 0 && forks.monitor.alarms.isEmpty)
        let metrics = await service.metrics()
        #expect(metrics.contains { $0.name == "motherlode_rsk_fork_alarm" && $0.samples.map(\.value) == [0, 0, 0] })
        #expect(metrics.contains { $0.name == "motherlode_auxiliary_working" && $0.samples.map(\.value) == [1, 1, 1] })
        await service.stop()
        await chains.stop()
    }
}
