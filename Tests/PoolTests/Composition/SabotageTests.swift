import Accounting
import HTTP
import Stratum
import Testing

@testable import Pool

@Suite("Extranonce bytes that break commitments", .serialized)
struct SabotageTests {
    /// A second AuxPoW magic in the extranonce keeps the parent block and spoils every AuxPoW proof.
    @Test("cost the auxiliary chains a solution, the parent chain none, and are counted for their worker", .timeLimit(.minutes(1)))
    func counted() async throws {
        let bench = try await LatencyBench(auxiliaries: true)
        let port = try #require(bench.pool.server.addresses.first).port
        let user = bench.account
        let mined = AsyncStream<Bool>.makeStream()
        let started = BackgroundThread.start(named: "probe") {
            defer { mined.continuation.finish() }
            guard let probe = try? StratumProbe(port: port, user: user + ".saboteur") else { return }
            for _ in 0..<3 { mined.continuation.yield((try? probe.mineBlock(extranonce2: "00fabe6d6d000000")) != nil) }
        }
        #expect(started)
        var blocks: [Bool] = []
        for await isMined in mined.stream { blocks.append(isMined) }
        #expect(blocks == [true, true, true])
        var row = try await bench.pool.workers(account: nil).first { $0.worker == "saboteur" }
        while row?.sabotage ?? 0 == 0 {
            try await Task.sleep(for: .milliseconds(10))
            row = try await bench.pool.workers(account: nil).first { $0.worker == "saboteur" }
        }
        let chains = try await bench.pool.auxiliaries()
        // RSK does not mind, and no chain was sent a proof that it would refuse.
        #expect(chains.allSatisfy { $0.rejected == 0 })
        #expect(chains.dropFirst().allSatisfy { $0.accepted == 0 })
        #expect(await bench.pool.metrics().contains { $0.name == "motherlode_auxiliary_sabotage_total" && $0.samples[0].value > 0 })
        await bench.stop()
    }
}
