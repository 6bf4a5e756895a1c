import Accounting
import Bitcoin
import Embedded
import HTTP
import Hashing
import MergeMining
import Stratum
import Testing

@testable import Pool

/// A pool whose every accepted share is a parent block, and a solution for each of its auxiliary chains.
final class LatencyBench: Sendable {
    let pool: PoolService
    private let folder: TemporaryFolder
    private let parent: EmbeddedNode
    private let rsk: EmbeddedRSKNode?
    private let family: [EmbeddedAuxPowNode]
    let account: String

    init(auxiliaries: Bool) async throws {
        folder = try TemporaryFolder()
        parent = try EmbeddedNode()
        try await parent.start()
        var configuration = PoolConfiguration(above: parent, in: folder)
        account = try #require(configuration.coinbase.payout).description
        var nodes: [EmbeddedAuxPowNode] = []
        if auxiliaries {
            let rsk = try EmbeddedRSKNode()
            try await rsk.start()
            self.rsk = rsk
            var chain = PoolConfiguration.Auxiliary()
            chain.kind = .rsk
            chain.name = "rootstock"
            chain.url = rsk.url
            configuration.auxiliaries = [chain]
            for number in [1, 16, 1224, 8228] as [UInt32] {
                var settings = EmbeddedAuxPowNode.Settings(.namecoin)
                settings.chain = ChainID(number)
                let node = try EmbeddedAuxPowNode(settings)
                try await node.start()
                nodes.append(node)
                chain.kind = .auxpow
                chain.name = "chain-\(number)"
                chain.flavour = .namecoin
                chain.chainID = number
                chain.url = node.url
                chain.user = node.credentials.user
                chain.password = Secret(node.credentials.password)
                chain.address = "N"
                configuration.auxiliaries.append(chain)
            }
        } else {
            rsk = nil
        }
        family = nodes
        // Far above the network's, which therefore is what shares are judged by.
        configuration.stratum[0].difficulty.start = 1
        configuration.stratum[0].difficulty.min = 1
        pool = try PoolService(configuration, engine: HashEngine.chosen(), errands: PoolErrands(stop: {}))
        try await pool.start()
        while await pool.jobs.committedWorks.count < configuration.auxiliaries.count { try await Task.sleep(for: .milliseconds(5)) }
    }

    /// From here on no auxiliary node answers any more.
    func hang() async throws {
        try await rsk?.setFault(.hang)
        for node in family { try await node.setFault(.hang) }
    }

    /// From a share's leaving the miner to the parent chain's new tip, for so many blocks.
    func latencies(_ count: Int) async throws -> [Duration] {
        let port = try #require(pool.server.addresses.first).port
        let user = account
        let tips = await parent.tips()
        let sent = AsyncStream<ContinuousClock.Instant>.makeStream()
        let started = BackgroundThread.start(named: "probe") {
            defer { sent.continuation.finish() }
            guard let probe = try? StratumProbe(port: port, user: user + ".probe") else { return }
            for _ in 0..<count {
                guard let at = try? probe.mineBlock() else { return }
                sent.continuation.yield(at)
            }
        }
        #expect(started)
        var arrived: [ContinuousClock.Instant] = []
        for await _ in tips {
            arrived.append(.now)
            if arrived.count == count { break }
        }
        var left: [ContinuousClock.Instant] = []
        for await at in sent.stream { left.append(at) }
        #expect(left.count == count)
        return zip(left, arrived).map { $0.duration(to: $1) }
    }

    func stop() async {
        try? await rsk?.setFault(nil)
        for node in family { try? await node.setFault(nil) }
        await pool.stop()
        await parent.stop()
        await rsk?.stop()
        for node in family { await node.stop() }
    }
}
