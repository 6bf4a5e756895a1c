import Accounting
import Bitcoin
import Embedded
import HTTP
import Hashing
import JSON
import MergeMining
import Stratum
import Synchronization
import Testing

@testable import Pool

/// A pool with one auxiliary chain of a chosen difficulty, and a miner that wishes difficulty 1e-4.
private final class ReachBench: Sendable {
    let pool: PoolService
    let admin: AdminServer
    let miner: CPUMiner
    private let folder: TemporaryFolder
    private let parent: EmbeddedNode
    private let chain: EmbeddedAuxPowNode

    init(chainDifficulty: Double, fixed: Double? = nil) async throws {
        folder = try TemporaryFolder()
        var settings = EmbeddedNode.Settings()
        settings.bits = CompactBits(rawValue: 0x1d00_ffff)
        parent = try EmbeddedNode(settings)
        try await parent.start()
        var chainSettings = EmbeddedAuxPowNode.Settings(.namecoin)
        chainSettings.bits = Target(difficulty: chainDifficulty).bits
        chain = try EmbeddedAuxPowNode(chainSettings)
        try await chain.start()
        var configuration = PoolConfiguration(above: parent, in: folder)
        var auxiliary = PoolConfiguration.Auxiliary()
        auxiliary.kind = .auxpow
        auxiliary.name = "namecoin"
        auxiliary.flavour = .namecoin
        auxiliary.chainID = chain.chainID.value
        auxiliary.url = chain.url
        auxiliary.user = chain.credentials.user
        auxiliary.password = Secret(chain.credentials.password)
        auxiliary.address = "N"
        configuration.auxiliaries = [auxiliary]
        configuration.stratum[0].difficulty.start = 1e-4
        configuration.stratum[0].difficulty.min = 1e-4
        configuration.stratum[0].difficulty.max = 1e-4
        configuration.admin.socket = folder.path + "/poold.sock"
        configuration.admin.listen = nil
        pool = try PoolService(configuration, engine: HashEngine.chosen(), fixedDifficulty: fixed, errands: PoolErrands(stop: {}))
        admin = try AdminServer(source: pool, configuration)
        try await pool.start()
        // Miners come when jobs commit to the chain: the first job may be made before its node has answered.
        while await pool.jobs.committedWorks.isEmpty { try await Task.sleep(for: .milliseconds(5)) }
        let port = try #require(pool.server.addresses.first).port
        let account = try #require(configuration.coinbase.payout)
        miner = CPUMiner(.init(host: "127.0.0.1", port: port, user: "\(account).rig", engine: try HashEngine.chosen().scan))
        miner.start()
        while miner.statistics.accepted == 0 { try await Task.sleep(for: .milliseconds(5)) }
    }

    /// What `poolctl --json` prints.
    func poolctl(_ words: String...) async throws -> JSONValue {
        let output = Printed()
        var program = PoolctlProgram()
        program.write = { text, _ in output.text.withLock { $0 += text } }
        let socket = try #require(admin.socketPath)
        #expect(await program.main(["--socket", socket, "--json"] + words) == .done)
        return try JSONValue(parsing: Array(output.text.withLock { $0 }.utf8))
    }

    private final class Printed: Sendable {
        let text = Mutex("")
    }

    func stop() async {
        await miner.stop()
        await admin.stop()
        await pool.stop()
        await parent.stop()
        await chain.stop()
    }
}

@Suite("Share targets and auxiliary targets", .serialized)
struct AuxiliaryReachTests {
    @Test("a chain within ten times the wished shares sets the share target", .timeLimit(.minutes(1)))
    func within() async throws {
        let bench = try await ReachBench(chainDifficulty: 2e-5)
        let chain = try await bench.poolctl("aux")[0]
        #expect(chain?["state"] == "working")
        #expect(chain?["neededDifficulty"]?.isNull == true)
        let told = try #require(try await bench.poolctl("miners")[0]?["difficulty"]?.double)
        let difficulty = try #require(chain?["difficulty"]?.double)
        #expect(told <= difficulty && told > 0.99 * difficulty)
        await bench.stop()
    }

    @Test("a chain beyond that starves, and the operator is told what it would need", .timeLimit(.minutes(1)), arguments: [nil, 1e-4])
    func beyond(fixed: Double?) async throws {
        let bench = try await ReachBench(chainDifficulty: fixed == nil ? 2e-6 : 2e-5, fixed: fixed)
        let chain = try #require(try await bench.poolctl("aux")[0])
        #expect(chain["state"] == "starved")
        #expect(chain["hiddenFrom"] == 1)
        let needed = try #require(chain["neededDifficulty"]?.double)
        let difficulty = try #require(chain["difficulty"]?.double)
        #expect(needed <= difficulty && needed > 0.99 * difficulty)
        #expect(try await bench.poolctl("miners")[0]?["difficulty"]?.double == 1e-4)
        await bench.stop()
    }
}
