import Hashing
import JSON
import Testing

@testable import Stratum

@Suite("Jobs reach miners, and shares are held against their own")
struct JobDeliveryTests {
    /// The wire id and the clean flag of the next job.
    private func job(_ client: Client) throws -> (id: String, clean: Bool) {
        let message = try JSONValue(parsing: try #require(try client.notification("mining.notify")))
        return (try #require(message["params"]?[0]?.string), message["params"]?[8] == true)
    }

    private func id(_ job: Job, _ suffix: String = "") -> String { HexField.text(job.id.value, digits: 16) + suffix }

    @Test("Only a new tip is clean, and a miner's first job")
    func clean() async throws {
        let harness = try Harness()
        var jobs = JobFactory()
        harness.server.publish(jobs.job(tip: 1))
        let client = try harness.client()
        try client.handshake()
        #expect(try job(client).clean)
        for (tip, forced, clean) in [(1, false, false), (1, true, true), (2, false, true), (2, false, false)] as [(UInt64, Bool, Bool)] {
            let next = jobs.job(tip: tip)
            harness.server.publish(next, clean: forced)
            let received = try job(client)
            #expect(received.id == id(next))
            #expect(received.clean == clean)
        }
        await harness.stop()
    }

    @Test("A share of an earlier job of the same tip is good, one of an earlier tip is stale only once the new one was sent")
    func staleness() async throws {
        let harness = try Harness()
        var jobs = JobFactory()
        let first = jobs.job(tip: 1)
        let second = jobs.job(tip: 1)
        let third = jobs.job(tip: 2)
        harness.server.publish(first)
        let client = try harness.client()
        try client.handshake()
        harness.server.publish(second)
        _ = try job(client)
        _ = try job(client)
        client.send(TestShare(first, extranonce1: client.extranonce1).line(), TestShare(second, extranonce1: client.extranonce1).line())
        #expect(try client.answer() == accepted)
        #expect(try client.answer() == accepted)
        harness.server.publish(third)
        _ = try job(client)
        client.send(TestShare(second, extranonce1: client.extranonce1, nonce: 9).line(), TestShare(third, extranonce1: client.extranonce1).line())
        #expect(try client.answer() == refused(.stale))
        #expect(try client.answer() == accepted)
        await harness.stop()
    }

    @Test("Withdrawn work is stale; the next job is good again")
    func withdraw() async throws {
        let harness = try Harness()
        var jobs = JobFactory()
        let first = jobs.job(tip: 1)
        harness.server.publish(first)
        let client = try harness.client()
        try client.handshake()
        _ = try job(client)
        harness.server.withdraw()
        #expect(
            await Harness.eventually {
                client.send(TestShare(first, extranonce1: client.extranonce1, nonce: .random(in: 0...(.max))).line())
                return (try? client.answer()) == refused(.stale)
            }
        )
        // Whoever comes now waits, and the pool is asked once.
        let other = try harness.client()
        try other.handshake("b")
        let third = try harness.client()
        try third.handshake("c")
        #expect(await Harness.eventually { harness.pool.wanted == [0] })
        let next = jobs.job(tip: 1)
        harness.server.publish(next)
        for waiting in [client, other, third] { #expect(try job(waiting).id == id(next)) }
        client.send(TestShare(next, extranonce1: client.extranonce1).line())
        #expect(try client.answer() == accepted)
        await harness.stop()
    }

    @Test("Each payout group gets its own jobs, and their shares only count there")
    func groups() async throws {
        let harness = try Harness()
        var jobs = JobFactory()
        let shared = jobs.job()
        harness.server.publish(shared)
        let common = try harness.client()
        let solo = try harness.client()
        try common.handshake("a.w")
        try solo.handshake("solo.w")
        #expect(await Harness.eventually { harness.pool.wanted == [0, 1] })
        #expect(await Harness.eventually { harness.server.groups == [0, 1] })
        let own = jobs.job(group: 1)
        harness.server.publish(own)
        #expect(try job(solo).id == id(own))
        #expect(try job(common).id == id(shared))
        solo.send(TestShare(own, extranonce1: solo.extranonce1).line(worker: "solo.w"))
        #expect(try solo.answer() == accepted)
        solo.send(TestShare(shared, extranonce1: solo.extranonce1).line(worker: "solo.w"))
        #expect(try solo.answer() == refused(.unknownJob))
        solo.end()
        #expect(await Harness.eventually { harness.server.groups == [0] })
        // The group may have been given up since: its next miner is told of, though the loop has a job for it.
        let back = try harness.client()
        try back.handshake("solo.w")
        #expect(try job(back).id == id(own))
        #expect(await Harness.eventually { harness.pool.wanted == [0, 1, 1] })
        await harness.stop()
    }

    /// Finds a share whose hash meets `easy` but not `hard`.
    private func between(_ easy: Double, _ hard: Double, _ job: Job, _ extranonce1: UInt32, variant: UInt8) -> TestShare {
        var share = TestShare(job, extranonce1: extranonce1)
        share.variant = variant
        while true {
            let hash = share.hash
            if Target(difficulty: easy).isMet(by: hash), !Target(difficulty: hard).isMet(by: hash) { return share }
            share.nonce += 1
        }
    }

    @Test("A wish brings the job again as another header, and each share is judged by the difficulty of its own")
    func variants() async throws {
        let harness = try Harness(difficulty: DifficultySettings(start: 1e-9, minimum: 1e-12))
        var jobs = JobFactory()
        let work = jobs.job()
        harness.server.publish(work)
        let client = try harness.client()
        try client.handshake()
        #expect(try client.notification("mining.set_difficulty") == #"{"id":null,"method":"mining.set_difficulty","params":[0.000000001]}"#)
        #expect(try job(client).id == id(work))
        client.send(#"{"id":5,"method":"mining.suggest_difficulty","params":[0.000000008]}"#)
        #expect(try client.notification("mining.set_difficulty") == #"{"id":null,"method":"mining.set_difficulty","params":[0.000000008]}"#)
        #expect(try job(client) == (id(work, "01"), false))
        _ = try client.answer()

        let easy = between(1e-9, 8e-9, work, client.extranonce1, variant: 0)
        client.send(easy.line())
        #expect(try client.answer() == accepted)
        // The same fields under the harder variant are another header, so nothing is gained by naming it.
        var renamed = easy
        renamed.variant = 1
        #expect(renamed.hash != easy.hash)
        let hard = between(1e-9, 8e-9, work, client.extranonce1, variant: 1)
        client.send(hard.line())
        #expect(try client.answer() == refused(.lowDifficulty))
        var good = TestShare(work, extranonce1: client.extranonce1)
        good.variant = 1
        while !Target(difficulty: 8e-9).isMet(by: good.hash) { good.nonce += 1 }
        client.send(good.line())
        #expect(try client.answer() == accepted)
        #expect(harness.pool.records.map(\.weight) == [ShareDifficulty(1e-9)!.weight, 0, ShareDifficulty(8e-9)!.weight])

        // The next job is for everybody, and needs no word about a difficulty that holds already.
        let next = jobs.job()
        harness.server.publish(next)
        #expect(try client.line() == String(decoding: NotifyText(next).plain.dropLast(), as: UTF8.self))
        await harness.stop()
    }

    @Test("Without room for variants a wish waits for the next job")
    func noVariants() async throws {
        let harness = try Harness(difficulty: DifficultySettings(start: 1e-9, minimum: 1e-12))
        var jobs = JobFactory()
        harness.server.publish(jobs.job(extranonceSize: 12))
        let client = try harness.client()
        try client.handshake()
        _ = try client.notification("mining.set_difficulty")
        _ = try job(client)
        client.send(#"{"id":5,"method":"mining.suggest_difficulty","params":[0.000000008]}"#, #"{"id":6,"method":"mining.ping"}"#)
        #expect(try client.line() == #"{"id":5,"result":true,"error":null}"#)
        #expect(try client.line() == #"{"id":6,"result":"pong","error":null}"#)
        harness.server.publish(jobs.job(extranonceSize: 12))
        #expect(try client.line() == #"{"id":null,"method":"mining.set_difficulty","params":[0.000000008]}"#)
        await harness.stop()
    }

    @Test("Wishes without end bring no jobs without end")
    func manyWishes() async throws {
        let harness = try Harness(difficulty: DifficultySettings(start: 1, minimum: 1e-12))
        var jobs = JobFactory()
        harness.server.publish(jobs.job(hardest: noHash))
        let client = try harness.client()
        try client.handshake()
        for number in 1...200 {
            client.send(#"{"id":\#(number),"method":"mining.suggest_difficulty","params":[\#(number + 1)]}"#)
            _ = try client.answer()
        }
        client.send(#"{"id":0,"method":"mining.ping"}"#)
        _ = try client.answer()
        #expect(client.notifications.filter { $0.contains("mining.notify") }.count <= 17)
        await harness.stop()
    }

    @Test("The network target is as hard as it gets, and a job may say easier")
    func bounds() async throws {
        let harness = try Harness(difficulty: DifficultySettings(fixed: 1_000))
        var jobs = JobFactory()
        harness.server.publish(jobs.job(network: Target(difficulty: 2)))
        let client = try harness.client()
        try client.handshake()
        #expect(try client.notification("mining.set_difficulty") == #"{"id":null,"method":"mining.set_difficulty","params":[2]}"#)
        harness.server.publish(jobs.job(network: Target(difficulty: 2), hardest: Target(difficulty: 3)))
        harness.server.publish(jobs.job(network: Target(difficulty: 50), hardest: Target(difficulty: 16)))
        #expect(try client.notification("mining.set_difficulty") == #"{"id":null,"method":"mining.set_difficulty","params":[16]}"#)
        await harness.stop()
    }

    @Test("A big miner is told at once, within one job")
    func quickStart() async throws {
        let harness = try Harness(difficulty: DifficultySettings(start: 1e-11, minimum: 1e-12))
        let (work, client) = try harness.mining()
        #expect(try job(client).id == id(work))
        for nonce in 0..<30 { client.send(TestShare(work, extranonce1: client.extranonce1, nonce: UInt32(nonce)).line()) }
        #expect(try job(client).id == id(work, "01"))
        for _ in 0..<30 { #expect(try client.answer() == accepted) }
        await harness.stop()
    }

    @Test("An operator's word on a worker, on the screen, and good-bye")
    func operatorsWord() async throws {
        let harness = try Harness(difficulty: DifficultySettings(start: 1, minimum: 1e-12))
        var jobs = JobFactory()
        harness.server.publish(jobs.job(hardest: noHash))
        let client = try harness.client()
        try client.handshake("a.one")
        let other = try harness.client()
        try other.handshake("a.two")
        _ = try job(client)
        _ = try client.notification("mining.set_difficulty")
        harness.server.setDifficulty(64, worker: 1)
        #expect(try client.notification("mining.set_difficulty") == #"{"id":null,"method":"mining.set_difficulty","params":[64]}"#)
        harness.server.showMessage("it's \"late\"\n", worker: 1)
        #expect(try client.notification("client.show_message") == #"{"id":null,"method":"client.show_message","params":["it's \"late\"\n"]}"#)
        harness.server.reconnect(host: "other.example", port: 3334, after: .seconds(5))
        #expect(try client.notification("client.reconnect") == #"{"id":null,"method":"client.reconnect","params":["other.example",3334,5]}"#)
        #expect(try other.notification("client.reconnect") != nil)
        #expect(!other.notifications.contains { $0.contains("show_message") })
        let reports = await harness.server.connections()
        let victim = try #require(reports.first { $0.worker == "one" })
        harness.server.kick(connection: victim.connection)
        #expect(try client.isClosed())
        #expect(await harness.server.connections().map(\.worker) == ["two"])
        await harness.stop()
        #expect(harness.server.counters.disconnected[.kicked] == 1)
    }

    @Test("Other difficulties reach the connections of their listener at once, and those that come")
    func otherDifficulties() async throws {
        let harness = try Harness(difficulty: DifficultySettings(start: 1, minimum: 1e-12)) {
            $0.listeners.append(StratumListener(address: "127.0.0.1:0", difficulty: DifficultySettings(start: 2, minimum: 1e-12)))
        }
        var jobs = JobFactory()
        harness.server.publish(jobs.job(hardest: noHash))
        let first = try harness.client()
        try first.handshake()
        let second = try Client(port: harness.server.addresses[1].port)
        try second.handshake("b")
        for client in [first, second] { _ = try client.notification("mining.set_difficulty") }
        harness.server.setDifficulties([DifficultySettings(start: 8, minimum: 4), DifficultySettings(start: 16, minimum: 1e-12)])
        #expect(try first.notification("mining.set_difficulty") == #"{"id":null,"method":"mining.set_difficulty","params":[4]}"#)
        let third = try harness.client()
        try third.handshake("c")
        #expect(try third.notification("mining.set_difficulty") == #"{"id":null,"method":"mining.set_difficulty","params":[8]}"#)
        let fourth = try Client(port: harness.server.addresses[1].port)
        try fourth.handshake("d")
        #expect(try fourth.notification("mining.set_difficulty") == #"{"id":null,"method":"mining.set_difficulty","params":[16]}"#)
        second.send(#"{"id":9,"method":"mining.ping"}"#)
        #expect(try second.answer() == #"{"id":9,"result":"pong","error":null}"#)
        #expect(!second.notifications.contains { $0.contains("set_difficulty") }, "2 is within its bounds as before")
        await harness.stop()
    }

    @Test("Transactions are sent once per job and connection, whole, however long")
    func transactions() async throws {
        let harness = try Harness()
        var jobs = JobFactory()
        let text = Array(("[\"" + String(repeating: "ab", count: 1_500_000) + "\"]").utf8)
        let work = jobs.job(transactions: { text })
        harness.server.publish(work)
        let client = try harness.client()
        try client.handshake()
        let ask = #"{"id":"txlist","method":"mining.get_transactions","params":["\#(id(work))"]}"#
        client.send(ask, #"{"id":7,"method":"mining.ping"}"#)
        let reply = try #require(try client.answer())
        #expect(reply == #"{"id":"txlist","result":"# + String(decoding: text, as: UTF8.self) + #","error":null}"#)
        #expect(try client.answer() == #"{"id":7,"result":"pong","error":null}"#)
        client.send(ask)
        #expect(try client.answer() == #"{"id":"txlist","result":null,"error":[20,"already-sent",null]}"#)
        client.send(#"{"id":8,"method":"mining.get_transactions","params":["ffff"]}"#)
        #expect(try client.answer() == refused(.unknownJob, id: "8"))
        harness.server.publish(jobs.job())
        client.send(#"{"id":9,"method":"mining.get_transactions","params":[]}"#)
        #expect(await Harness.eventually { (try? client.answer()) != nil })
        await harness.stop()
    }
}
