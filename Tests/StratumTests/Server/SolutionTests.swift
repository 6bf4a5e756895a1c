import Hashing
import Testing

@testable import Stratum

@Suite("Whatever solves a chain is handed on first")
struct SolutionTests {
    @Test("A solution carries the coinbase bytes, the whole version and the chains it solves")
    func solution() async throws {
        let harness = try Harness()
        var jobs = JobFactory()
        let job = jobs.job(network: everyHash, auxiliaries: [noHash, everyHash])
        harness.server.publish(job)
        let client = try harness.client()
        try client.handshake()
        var share = TestShare(job, extranonce1: client.extranonce1, extranonce2: 0x0102_0304_0506_0708, nonce: 77)
        share.versionBits = 0x0000_6000
        client.send(share.line())
        #expect(try client.answer() == accepted)
        let solution = try #require(harness.pool.solutions.first)
        #expect(solution.job === job)
        #expect(solution.extranonce == [0, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 0])
        #expect(solution.version == 0x2000_6000)
        #expect(solution.nonce == 77)
        #expect(solution.time == job.time)
        #expect(solution.goals == 0b101)
        #expect(solution.hash == share.hash)
        #expect(solution.worker == 1)
        #expect(solution.readAt > 0)
        await harness.stop()
    }

    @Test(
        "Stale, mistimed, too easy, of a wrong version or a wrong worker: a solution all the same, and refused by its reason",
        arguments: [RejectReason.stale, .badTime, .lowDifficulty, .badVersion, .unauthorized, .unknownJob]
    )
    func refusedSolutions(reason: RejectReason) async throws {
        // An auxiliary chain easier than the share target, so that a share can be too easy and solve it.
        let harness = try Harness(difficulty: DifficultySettings(fixed: reason == .lowDifficulty ? 1e6 : 1e-10))
        var jobs = JobFactory()
        let job = jobs.job(hardest: noHash, auxiliaries: [everyHash])
        harness.server.publish(job)
        try harness.client().handshake("someone")
        let client = try harness.client()
        try client.handshake()
        _ = try client.notification("mining.notify")
        if reason == .stale {
            harness.server.publish(jobs.job(tip: 2, hardest: noHash))
            _ = try client.notification("mining.notify")
        }
        var share = TestShare(job, extranonce1: client.extranonce1)
        if reason == .badTime { share.time = job.minimumTime - 1 }
        if reason == .badVersion { share.versionBits = 0x0000_1000 }
        if reason == .unknownJob { share.variant = 9 }
        let line = share.line(worker: reason == .unauthorized ? "x" : "a.w")
        client.send(line)
        #expect(try client.answer() == refused(reason))
        #expect(harness.pool.solutions.map(\.goals) == [0b10])
        #expect(harness.pool.solutions.map(\.hash) == [share.hash])
        // Under a name that nobody authorized it is still this miner's: one was here before.
        #expect(harness.pool.solutions.map(\.worker) == [2])
        // Again: nothing new.
        client.send(line)
        #expect(try client.answer() == refused(reason))
        #expect(harness.pool.solutions.count == 1)
        await harness.stop()
    }

    @Test("A solution does not wait for the ledger")
    func beforeTheLedger() async throws {
        let harness = try Harness()
        harness.pool.ledger(.holds)
        var jobs = JobFactory()
        let job = jobs.job(network: everyHash)
        harness.server.publish(job)
        let client = try harness.client()
        try client.handshake()
        client.send(TestShare(job, extranonce1: client.extranonce1).line())
        #expect(await Harness.eventually { harness.pool.solutions.count == 1 })
        harness.pool.ledger(.stores)
        #expect(try client.answer() == accepted)
        await harness.stop()
    }

    @Test("A duplicate of a solution is no second one")
    func duplicates() async throws {
        let harness = try Harness()
        var jobs = JobFactory()
        let job = jobs.job(network: everyHash)
        harness.server.publish(job)
        let client = try harness.client()
        try client.handshake()
        let share = TestShare(job, extranonce1: client.extranonce1)
        client.send(share.line(), share.line(), share.line())
        #expect(try client.answer() == accepted)
        #expect(try client.answer() == refused(.duplicate))
        #expect(try client.answer() == refused(.duplicate))
        #expect(harness.pool.solutions.count == 1)
        await harness.stop()
    }
}
