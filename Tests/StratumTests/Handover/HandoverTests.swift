import Certificates
import Hashing
import Testing

@testable import Stratum

/// Servers that go on with another's miners, over real sockets.
@Suite("Miners that change processes", .serialized)
struct HandoverTests {
    private let accepted = #"{"id":4,"result":true,"error":null}"#

    @Test("a connection goes on as if nothing had been: its job, its shares, its duplicates")
    func sharesGoOn() async throws {
        let before = try Harness(loops: 2)
        var factory = JobFactory()
        let (older, newer) = (factory.job(), factory.job())
        before.server.publish(older)
        let miner = try before.client()
        try miner.handshake("a.w")
        _ = try miner.notification("mining.notify")
        before.server.publish(newer)
        _ = try miner.notification("mining.notify")
        let first = TestShare(older, extranonce1: miner.extranonce1, nonce: 1)
        miner.send(first.line())
        #expect(try miner.answer() == accepted)
        let id = try #require(await before.server.connections().first?.connection)
        let told = miner.notifications

        let after = try await Harness(after: before, jobs: [older, newer])
        miner.send(first.line())
        #expect(try miner.answer()?.contains("duplicate") == true)
        for (nonce, job) in [(2, older), (3, newer)] {
            miner.send(TestShare(job, extranonce1: miner.extranonce1, nonce: UInt32(nonce)).line())
            #expect(try miner.answer() == accepted)
        }
        #expect(miner.notifications == told, "nothing was sent again")
        let reports = await after.server.connections()
        #expect(reports.map(\.connection) == [id])
        #expect(reports.first?.worker == "w" && reports.first?.agent == "test/1")
        #expect(after.server.counters.working == 1)
        // What comes next reaches it too.
        let next = factory.job(tip: 2)
        after.server.publish(next)
        #expect(try miner.notification("mining.notify")?.contains(HexField.text(next.id.value, digits: 16)) == true)
        await after.stop()
    }

    @Test("miners who are being moved away are so in the next process, and nobody new is taken there")
    func drain() async throws {
        let before = try Harness()
        before.server.drain(over: .seconds(3_600))
        let after = try await Harness(after: before, jobs: [])
        #expect(after.server.isDraining)
        // Loops answer in the order they were told things.
        _ = await after.server.connections()
        #expect(try after.client().isClosed())
        after.server.drain(over: nil)
        #expect(!after.server.isDraining)
        _ = await after.server.connections()
        try after.client().handshake()
        await after.stop()
    }

    @Test("half a line and its other half")
    func halfALine() async throws {
        let before = try Harness()
        let (job, miner) = try before.mining()
        _ = try miner.notification("mining.notify")
        let line = TestShare(job, extranonce1: miner.extranonce1).line() + "\n"
        miner.send(raw: String(line.prefix(40)))
        // Sure to be read: what is sent on another connection later is answered.
        let witness = try before.client()
        try witness.handshake("b.w")
        let after = try await Harness(after: before, jobs: [job])
        miner.send(raw: String(line.dropFirst(40)))
        #expect(try miner.answer() == accepted)
        await after.stop()
    }

    @Test("a miner that comes back finds its session in the new process, live or dormant")
    func resume() async throws {
        let before = try Harness(loops: 2)
        var factory = JobFactory()
        let job = factory.job()
        before.server.publish(job)
        let (live, gone) = (try before.client(), try before.client())
        try live.handshake("a.w")
        _ = try live.notification("mining.notify")
        try gone.handshake("b.w")
        _ = try gone.notification("mining.notify")
        gone.end()
        #expect(await Harness.eventually { before.server.counters.connections == 1 })

        let after = try await Harness(after: before, jobs: [job])
        let back = try after.client()
        try back.handshake("b.w", resuming: gone.token)
        #expect(back.extranonce1 == gone.extranonce1)
        let twin = try after.client()
        try twin.handshake("a.w", resuming: live.token)
        #expect(twin.extranonce1 == live.extranonce1)
        #expect(try live.isClosed())
        let fresh = try after.client()
        try fresh.handshake("c.w")
        #expect(![live.extranonce1, gone.extranonce1].contains(fresh.extranonce1), "never given out twice")
        #expect(fresh.token != live.token && fresh.token != gone.token)
        await after.stop()
    }

    @Test("a job that the new process cannot make: its shares are stale, its miners stay")
    func jobLeftBehind() async throws {
        let before = try Harness()
        var factory = JobFactory()
        let (lost, next) = (factory.job(), factory.job(tip: 2))
        before.server.publish(lost)
        let miner = try before.client()
        try miner.handshake()
        _ = try miner.notification("mining.notify")
        let after = try await Harness(after: before, jobs: [])
        miner.send(TestShare(lost, extranonce1: miner.extranonce1).line())
        #expect(try miner.answer()?.contains("stale") == true)
        after.server.publish(next, clean: true)
        _ = try miner.notification("mining.notify")
        miner.send(TestShare(next, extranonce1: miner.extranonce1).line())
        #expect(try miner.answer() == accepted)
        await after.stop()
    }

    @Test("difficulties and a pin hold, and are not told again")
    func difficulty() async throws {
        let free = DifficultySettings(start: 1e-9, minimum: 1e-10)
        let before = try Harness(difficulty: free)
        var factory = JobFactory()
        let job = factory.job(network: Target(difficulty: 1e-3))
        before.server.publish(job)
        let miner = try before.client()
        try miner.handshake()
        _ = try miner.notification("mining.notify")
        let worker = try #require(before.pool.admit("a", "w"))
        before.server.setDifficulty(5e-10, worker: worker)
        _ = try miner.notification("mining.set_difficulty")
        _ = try miner.notification("mining.notify")
        let after = try await Harness(after: before, jobs: [job]) { $0.listeners[0].difficulty = free }
        #expect(await after.server.connections().map(\.difficulty) == [5e-10])
        let next = factory.job(network: Target(difficulty: 1e-3))
        after.server.publish(next)
        #expect(try miner.line()?.contains("mining.notify") == true, "the same difficulty is not announced")
        await after.stop()
    }

    @Test("bans hold, an operator's and one earned")
    func bans() async throws {
        let before = try Harness()
        let address = try #require(BannableAddress("192.0.2.7"))
        before.server.ban(address, for: .seconds(3_600))
        let bans = before.server.bans
        let after = try await Harness(after: before, jobs: [])
        #expect(after.server.bans == bans && bans.count == 1)
        await after.stop()
    }

    @Test("a listener that is no longer configured loses its miners, the others none")
    func listenerGone() async throws {
        let before = try Harness {
            $0.listeners.append(StratumListener(address: "127.0.0.2:0", difficulty: DifficultySettings(fixed: 1e-10)))
            $0.listeners[0].address = "127.0.0.1:0"
        }
        let miner = try before.client()
        try miner.handshake()
        let ports = before.server.addresses.map(\.port)
        let after = try await Harness(after: before, jobs: [])
        #expect(after.server.addresses.map(\.port) == [ports[0]])
        #expect(await after.server.connections().count == 1)
        await after.stop()
    }

    @Test("a TLS connection is served on, asked to connect again, and finds its session")
    func secured() async throws {
        let pair = try TestCertificate(name: "pool")
        let context = try TLSContext(certificate: pair.certificate, key: pair.key)
        let before = try Harness { $0.listeners[0].tls = context }
        var factory = JobFactory()
        let job = factory.job()
        before.server.publish(job)
        let miner = try before.client()
        try miner.encrypt()
        try miner.handshake()
        _ = try miner.notification("mining.notify")

        let state = try #require(await before.server.handOver())
        #expect(state.secured.count == 1)
        Thread.start { [pairs = state.secured] in SecuredBridge.run(pairs) }
        let after = try Harness(after: state, jobs: [job]) {
            $0.listeners[0].tls = context
            $0.departureTime = .seconds(2)
        }
        miner.send(TestShare(job, extranonce1: miner.extranonce1).line())
        #expect(try miner.answer() == accepted, "its shares count meanwhile")
        #expect(try miner.notification("client.reconnect") != nil)
        #expect(try miner.isClosed())
        let back = try after.client()
        try back.encrypt()
        try back.handshake("a.w", resuming: miner.token)
        #expect(back.extranonce1 == miner.extranonce1)
        await after.stop()
    }
}
