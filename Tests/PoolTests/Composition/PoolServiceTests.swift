import Accounting
import Bitcoin
import Embedded
import HTTP
import Hashing
import Stratum
import Synchronization
import Testing

@testable import Pool

extension PoolConfiguration {
    /// Of a pool above an embedded node that runs, on a free port.
    init(above node: EmbeddedNode, in folder: TemporaryFolder) {
        self.init()
        data = folder.path
        coinbase.payout = Address(script: JobFixture.payout, chain: .regtest)
        var parent = Node()
        parent.url = node.url
        parent.user = node.credentials.user
        parent.password = Secret(node.credentials.password)
        nodes = [parent]
        stratum[0].listen = ListenAddress(host: "127.0.0.1", port: 0)
    }
}

/// A whole pool above an embedded node, on ports of its own.
final class WholePool: Sendable {
    let folder: TemporaryFolder
    let node: EmbeddedNode
    let service: PoolService
    let accepted: AsyncStream<FoundBlock>

    /// - Parameters:
    ///   - bits: the parent chain's.
    ///   - difficulty: of every share.
    ///   - configure: what else the configuration says.
    init(
        bits: UInt32,
        difficulty: Double,
        folder: TemporaryFolder? = nil,
        configure: (inout PoolConfiguration) -> Void = { _ in }
    ) async throws {
        let folder = try folder ?? TemporaryFolder()
        self.folder = folder
        var settings = EmbeddedNode.Settings()
        settings.bits = CompactBits(rawValue: bits)
        node = try EmbeddedNode(settings)
        try await node.start()
        var configuration = PoolConfiguration(above: node, in: folder)
        configure(&configuration)
        let (accepted, feed) = AsyncStream.makeStream(of: FoundBlock.self)
        self.accepted = accepted
        service = try PoolService(
            configuration,
            engine: HashEngine.chosen(),
            fixedDifficulty: difficulty,
            onAccepted: { feed.yield($0) },
            errands: PoolErrands(stop: {})
        )
        try await service.start()
    }

    /// The account that the miner works for.
    static let account = Address(script: .payToWitness(version: 0, program: [UInt8](repeating: 3, count: 20)), chain: .regtest)

    func miner(_ worker: String) throws -> CPUMiner {
        let account = try #require(Self.account)
        let address = try #require(service.server.addresses.first)
        return CPUMiner(.init(host: "127.0.0.1", port: address.port, user: "\(account).\(worker)", engine: try HashEngine.chosen().scan))
    }

    /// Waits for so many blocks that a node took.
    func blocks(_ count: Int) async -> [FoundBlock] {
        var blocks: [FoundBlock] = []
        for await block in accepted {
            blocks.append(block)
            if blocks.count == count { break }
        }
        return blocks
    }

    func stop() async {
        await service.stop()
        await node.stop()
    }
}

@Suite("A whole pool", .serialized)
struct PoolServiceTests {
    @Test("mines blocks that its node takes, and its books say the same as the node's chain", .timeLimit(.minutes(2)))
    func mines() async throws {
        let pool = try await WholePool(bits: 0x1f00_ffff, difficulty: 1e-6)
        let miner = try pool.miner("rig")
        miner.start()
        let blocks = await pool.blocks(5)
        await miner.stop()
        // The miner's last block may still be on its way into the books.
        let follower = BlockFollower(nodes: pool.service.nodes, book: LedgerBook(ledger: pool.service.ledger))
        var rows: [BlockRow] = []
        var chain = await pool.node.chain
        repeat {
            await follower.look()
            rows = try await pool.service.blocks(account: nil, limit: 100).filter { $0.state == "immature" }
            chain = await pool.node.chain
        } while rows.count < Int(chain.height)
        for block in blocks { #expect(chain.hash(atHeight: Int(block.height))?.displayHex == block.hash) }
        for row in rows { #expect(chain.hash(atHeight: row.height)?.displayHex == row.hash) }
        #expect(rows.count == Int(chain.height))
        await pool.stop()
        // What the miner saw acknowledged, the ledger has counted.
        let counted = pool.service.ledger.workerFigures().first { $0.worker == "rig" }?.shares.accepted ?? 0
        #expect(counted >= miner.statistics.accepted)
        #expect(miner.statistics.accepted > 0)
    }

    @Test("a node that goes away costs no connection; mining goes on when it returns", .timeLimit(.minutes(2)))
    func nodeAway() async throws {
        let pool = try await WholePool(bits: 0x1f00_ffff, difficulty: 1e-6)
        let miner = try pool.miner("rig")
        miner.start()
        _ = await pool.blocks(1)
        await pool.node.stop()
        // It is missed, and the miner stays.
        while await pool.service.templates.figures()[0].state != "failed" { await Task.yield() }
        #expect(pool.service.server.counters.connections == 1)
        try await pool.node.start()
        _ = await pool.blocks(2)
        #expect(miner.statistics.connections == 1)
        await miner.stop()
        await pool.stop()
    }

    /// Mines two blocks and stops.
    private func firstRun(in folder: TemporaryFolder) async throws -> (accepted: UInt64, run: UInt32) {
        let pool = try await WholePool(bits: 0x1f00_ffff, difficulty: 1e-6, folder: folder)
        let miner = try pool.miner("rig")
        miner.start()
        _ = await pool.blocks(2)
        await miner.stop()
        await pool.stop()
        return (pool.service.ledger.poolFigures.accepted, pool.service.run.value)
    }

    @Test("a second start goes on with the ledger, under a higher run number", .timeLimit(.minutes(2)))
    func restart() async throws {
        let folder = try TemporaryFolder()
        let before = try await firstRun(in: folder)
        let second = try await WholePool(bits: 0x1f00_ffff, difficulty: 1e-6, folder: folder)
        #expect(second.service.ledger.poolFigures.accepted == before.accepted)
        #expect(second.service.run.value > before.run)
        #expect(try await (second.service.status().blocks ?? 0) >= 2)
        await second.stop()
    }
}
