import Testing

@testable import Stratum

@Suite("Who talks without end, or sends what is worth nothing, is cut off")
struct ConductTests {
    @Test("Who talks and talks before it is authorized is cut off")
    func strangers() async throws {
        let harness = try Harness()
        let client = try harness.client()
        for _ in 0..<4_000 { if !client.send(raw: #"{"id":3,"method":"mining.ping"}"# + "\n") { break } }
        #expect(try client.isClosed())
        #expect(await Harness.eventually { harness.server.counters.disconnected[.garbage] == 1 })
        await harness.stop()
    }

    @Test(
        "Who talks and does not mine is cut off, whatever it says; a proxy that authorizes all its workers at once is not",
        arguments: [
            "{}", #"{"id":3,"method":"mining.ping"}"#, #"{"id":3,"method":"mining.subscribe"}"#, #"{"method":"pong"}"#,
        ]
    )
    func chatter(line: String) async throws {
        let harness = try Harness()
        let (job, miner) = try harness.mining()
        for number in 1..<256 { miner.send(#"{"id":3,"method":"mining.authorize","params":["a.\#(number)","x"]}"#) }
        for _ in 1..<256 { #expect(try miner.answer()?.contains("true") == true) }
        let talker = try harness.client()
        try talker.handshake("b")
        for _ in 0..<600 { if !talker.send(raw: line + "\n") { break } }
        while (try? talker.line()) ?? nil != nil {}
        #expect(await Harness.eventually { harness.server.counters.disconnected[.garbage] == 1 })
        // Shares are no chatter, however they are spelt.
        let share = TestShare(job, extranonce1: miner.extranonce1).line()
        let spelt = share.split(separator: "submit").joined(separator: #"s\u0075bmit"#)
        for number in 0..<600 {
            miner.send(number % 2 == 0 ? share : spelt)
            #expect(try miner.answer() == (number == 0 ? accepted : refused(.duplicate)))
        }
        await harness.stop()
    }

    @Test("Worthless shares climb the ladder: the job again, a word to connect again, the end")
    func ladder() async throws {
        let harness = try Harness()
        let (job, client) = try harness.mining()
        let line = TestShare(job, extranonce1: client.extranonce1).line()
        client.send(line)
        #expect(try client.answer() == accepted)
        for _ in 0..<4_100 { if !client.send(raw: line + "\n") { break } }
        var lines: [String] = []
        while let line = try client.line() { lines.append(line) }
        #expect(lines.contains { $0.contains("mining.notify") && $0.hasSuffix("true]}") })
        #expect(lines.contains(#"{"id":null,"method":"client.reconnect","params":[]}"#))
        #expect(await Harness.eventually { harness.server.counters.disconnected[.worthless] == 1 })
        await harness.stop()
    }

    @Test("Shares that can never be worth anything climb the same ladder, whatever is wrong with them", arguments: ["job", "time", "version"])
    func worthless(fault: String) async throws {
        let harness = try Harness()
        let (job, client) = try harness.mining()
        var jobs = JobFactory()
        _ = jobs.job()
        var share = TestShare(job, extranonce1: client.extranonce1)
        switch fault {
        case "time": share.time = .max
        case "version": share.versionBits = .max
        default: share = TestShare(jobs.job(), extranonce1: client.extranonce1)
        }
        let line = share.line()
        for _ in 0..<4_100 { if !client.send(raw: line + "\n") { break } }
        while try client.line() != nil {}
        #expect(await Harness.eventually { harness.server.counters.disconnected[.worthless] == 1 })
        await harness.stop()
    }

    @Test("Shares of the job before are a race, however many; without work there is nothing to send but those")
    func races() async throws {
        let harness = try Harness()
        var jobs = JobFactory()
        let job = jobs.job()
        harness.server.publish(job)
        let client = try harness.client()
        try client.handshake()
        let line = TestShare(job, extranonce1: client.extranonce1).line() + "\n"
        func flood() throws {
            for _ in 0..<50 {
                #expect(client.send(raw: String(repeating: line, count: 100)))
                for _ in 0..<100 { #expect(try client.answer() == refused(.stale)) }
            }
        }
        harness.server.publish(jobs.job(tip: 2), clean: true)
        _ = try client.notification("mining.notify")
        _ = try client.notification("mining.notify")
        try flood()
        harness.server.withdraw()
        try flood()
        client.send(#"{"id":3,"method":"mining.ping"}"#)
        #expect(try client.answer() == #"{"id":3,"result":"pong","error":null}"#)
        await harness.stop()
    }
}
