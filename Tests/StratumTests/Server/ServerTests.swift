import Hashing
import Testing

@testable import Stratum

let accepted = #"{"id":4,"result":true,"error":null}"#

func refused(_ reason: RejectReason, id: String = "4") -> String {
    #"{"id":\#(id),"result":null,"error":[\#(reason.code),"\#(reason.label)",null]}"#
}

/// Every hash meets it.
let everyHash = Target.max
/// No hash that a test could find meets it.
let noHash = Target(value: .one)

@Suite("The server serves real sockets")
struct ServerTests {
    @Test("a listener on every IPv6 address takes IPv4 miners too, and shows them as what they are")
    func dualStack() async throws {
        let harness: Harness
        do {
            harness = try Harness { $0.listeners[0].address = "[::]:0" }
        } catch let error as StratumServerError {
            guard case .cannotListen = error else { throw error }
            return print("IPv6 is not tested: this machine has none")
        }
        let miner = try harness.client()
        try miner.handshake()
        #expect(harness.server.addresses[0].description.hasPrefix("[::]:"))
        #expect(await harness.server.connections().first?.address.hasPrefix("127.0.0.1:") == true)
        await harness.stop()
    }

    @Test("A share's whole way: subscribe, authorize, job, submit, ledger, reply")
    func oneShare() async throws {
        let harness = try Harness()
        let (job, client) = try harness.mining("alice.rig")
        #expect(try client.notification("mining.set_difficulty") == #"{"id":null,"method":"mining.set_difficulty","params":[0.0000000001]}"#)
        let notify = try #require(try client.notification("mining.notify"))
        #expect(notify == String(decoding: NotifyText(job).clean.dropLast(), as: UTF8.self))
        let share = TestShare(job, extranonce1: client.extranonce1, extranonce2: 0x0102_0304_0506_0708, nonce: 5)
        client.send(share.line(worker: "alice.rig"))
        #expect(try client.answer() == accepted)
        let record = try #require(harness.pool.records.first)
        #expect(record.reason == 0)
        #expect(record.worker == 1)
        #expect(record.job == job.id.value)
        #expect(record.weight == 1)
        #expect(record.difficulty == share.hash.difficulty)
        #expect(harness.pool.solutions.isEmpty)
        let reports = await harness.server.connections()
        #expect(reports.map(\.account) == ["alice"])
        #expect(reports.map(\.worker) == ["rig"])
        #expect(reports.map(\.agent) == ["test/1"])
        #expect(reports.map(\.difficulty) == [1e-10])
        #expect(reports.first?.lastShare != nil)
        await harness.stop()
        #expect(harness.server.counters.accepted == 1)
    }

    @Test("The golden share of a testnet pool is accepted at difficulty 318 and refused at 319", arguments: [(318.0, true), (319.0, false)])
    func goldenShare(difficulty: Double, isGood: Bool) async throws {
        let harness = try Harness(difficulty: DifficultySettings(fixed: difficulty))
        let job = try Golden.job()
        harness.server.publish(job)
        let client = try harness.client()
        try client.handshake("tb1q.w")
        #expect(client.extranonce1 == 0)
        // The captured share's extranonce2 is eight zeros; the server's first extranonce1 stands in for the first four of them.
        client.send(
            #"{"id":4,"method":"mining.submit","params":["tb1q.w","6878b60200000001","000000000a636b70","6878b602","58f90070","083ac000"]}"#
        )
        #expect(try client.answer() == (isGood ? accepted : refused(.lowDifficulty)))
        #expect(abs(harness.pool.records[0].difficulty - 318.40) < 0.005)
        await harness.stop()
    }

    @Test("Every refusal by its reason, and the record that goes to the ledger")
    func refusals() async throws {
        let harness = try Harness()
        var jobs = JobFactory()
        let old = jobs.job(tip: 1)
        let job = jobs.job(tip: 2)
        harness.server.publish(old)
        let client = try harness.client()
        try client.handshake()
        _ = try client.notification("mining.notify")
        harness.server.publish(job)
        let notify = try #require(try client.notification("mining.notify"))
        #expect(notify.hasSuffix("true]}"), "a new tip is clean")
        let share = TestShare(job, extranonce1: client.extranonce1)

        func submit(_ change: (inout TestShare) -> Void) throws -> String? {
            var copy = share
            change(&copy)
            client.send(copy.line())
            return try client.answer()
        }
        #expect(try submit { _ in } == accepted)
        #expect(try submit { _ in } == refused(.duplicate))
        #expect(try submit { $0.nonce = 1 } == accepted)
        #expect(try submit { $0.time = job.minimumTime } == accepted)
        #expect(try submit { $0.time = job.minimumTime - 1 } == refused(.badTime))
        #expect(try submit { $0.time = job.time + 6_900 } == accepted)
        #expect(try submit { $0.time = job.time + 7_100 } == refused(.badTime))
        #expect(try submit { $0.versionBits = 0x1fff_e000 } == accepted)
        #expect(try submit { $0.versionBits = 0 } == refused(.duplicate))
        #expect(try submit { $0.versionBits = 0x2000_0000 } == refused(.badVersion))
        #expect(try submit { $0.versionBits = 0x0000_1000 } == refused(.badVersion))
        #expect(try submit { $0.variant = 3 } == refused(.unknownJob))
        #expect(try submit { $0 = TestShare(old, extranonce1: $0.extranonce1) } == refused(.stale))

        client.send(share.line(worker: "somebody.else"))
        #expect(try client.answer() == refused(.unauthorized))
        client.send(#"{"id":4,"method":"mining.submit","params":["a.w","ffff","0000000000000000","6878b602","58f90070"]}"#)
        #expect(try client.answer() == refused(.unknownJob))
        client.send(#"{"id":4,"method":"mining.submit","params":["a.w","00000007000000ff","0000000000000000","6878b602","58f90070"]}"#)
        #expect(try client.answer() == refused(.unknownJob))
        client.send(#"{"id":4,"method":"mining.submit","params":["a.w","0000000700000000","0000000000000000","6878b602","58f90070"]}"#)
        #expect(try client.answer() == refused(.stale), "a job of this run that is forgotten")
        client.send(share.line().replacing("0000000000000000", with: "00000000"))
        #expect(try client.answer() == refused(.badExtranonce))
        client.send(#"{"id":4,"method":"mining.submit","params":["a.w"]}"#)
        #expect(try client.answer() == refused(.malformed))

        // Answers to nobody's shares are not for the ledger; all others are, in the order of their replies.
        let reasons = harness.pool.records.map { $0.rejectReason }
        #expect(
            reasons == [
                nil, .duplicate, nil, nil, .badTime, nil, .badTime, nil, .duplicate, .badVersion, .badVersion, .unknownJob, .stale, .unknownJob,
                .unknownJob, .stale, .badExtranonce,
            ]
        )
        #expect(harness.pool.records.allSatisfy { ($0.weight == 1) == ($0.reason == 0) })
        await harness.stop()
        let counters = harness.server.counters
        #expect(counters.accepted == 5)
        #expect(counters.rejected[.unauthorized] == 1)
        #expect(counters.rejected[.badTime] == 2)
        #expect(counters.rejected[.stale] == 2)
        #expect(counters.rejected[.unknownJob] == 3)
        #expect(counters.judged == 14)
        #expect(counters.bytesRead > 0 && counters.bytesWritten > 0)
        #expect(counters.rejected[.malformed] == 1)
        #expect(counters.rejected[.duplicate] == 2)
    }

    @Test("Nothing is answered before subscribe and authorize")
    func early() async throws {
        let harness = try Harness()
        var jobs = JobFactory()
        let job = jobs.job()
        harness.server.publish(job)
        let client = try harness.client()
        client.send(TestShare(job, extranonce1: 0).line())
        #expect(try client.answer() == refused(.notSubscribed))
        client.send(#"{"id":1,"method":"mining.subscribe","params":[]}"#)
        _ = try client.answer()
        client.send(TestShare(job, extranonce1: 0).line())
        #expect(try client.answer() == refused(.unauthorized))
        client.send(#"{"id":1,"method":"mining.authorize","params":["bad"]}"#)
        #expect(try client.answer() == refused(.unauthorized, id: "1"))
        #expect(harness.pool.records.isEmpty)
        await harness.stop()
    }

    @Test(
        "Ids come back as they were sent, accepted or refused",
        arguments: ["null", #""auth""#, "0", "18446744073709551615", #""0123456789012345678901234567890123456789012345""#]
    )
    func ids(id: String) async throws {
        let harness = try Harness()
        let (job, client) = try harness.mining()
        let share = TestShare(job, extranonce1: client.extranonce1)
        client.send(share.line(id: id), share.line(id: id))
        #expect(try client.answer() == #"{"id":\#(id),"result":true,"error":null}"#)
        #expect(try client.answer() == refused(.duplicate, id: id))
        await harness.stop()
    }

    @Test("Replies leave in order, many shares in one write, half lines among them")
    func pipelined() async throws {
        let harness = try Harness()
        let (job, client) = try harness.mining()
        var text = ""
        for number in 0..<2_000 {
            let share = TestShare(job, extranonce1: client.extranonce1, nonce: UInt32(number % 1_500))
            text += share.line(id: String(number)) + (number % 3 == 0 ? "\r\n" : "\n")
        }
        var rest = Substring(text)
        var size = 1
        while !rest.isEmpty {
            client.send(raw: String(rest.prefix(size)))
            rest = rest.dropFirst(size)
            size = size * 3 % 40_009 + 1
        }
        for number in 0..<2_000 {
            let expected = number < 1_500 ? #"{"id":\#(number),"result":true,"error":null}"# : refused(.duplicate, id: String(number))
            #expect(try client.answer() == expected)
        }
        #expect(harness.pool.records.count == 2_000)
        await harness.stop()
    }

    @Test("Two loops, tens of connections: every share counted once, no extranonce1 twice")
    func manyConnections() async throws {
        let harness = try Harness(loops: 2)
        var jobs = JobFactory()
        let job = jobs.job()
        harness.server.publish(job)
        let clients = try (0..<40).map { _ in try harness.client() }
        for client in clients { try client.handshake() }
        #expect(Set(clients.map(\.extranonce1)).count == clients.count)
        #expect(Set(clients.map(\.token)).count == clients.count)
        for nonce in 0..<20 {
            for client in clients { client.send(TestShare(job, extranonce1: client.extranonce1, nonce: UInt32(nonce)).line()) }
        }
        for client in clients {
            for _ in 0..<20 { #expect(try client.answer() == accepted) }
        }
        #expect(harness.pool.records.count == 800)
        #expect(await harness.server.connections().count == 40)
        let next = jobs.job()
        harness.server.publish(next)
        for client in clients {
            _ = try client.notification("mining.notify")
            #expect(try #require(try client.notification("mining.notify")).contains(HexField.text(next.id.value, digits: 16)))
        }
        await harness.stop()
        for client in clients { #expect(try client.isClosed()) }
        #expect(harness.server.counters.accepted == 800)
        #expect(harness.server.counters.connections == 0)
    }
}
