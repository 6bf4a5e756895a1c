import Testing

@testable import Stratum

@Suite("Miners are moved away")
struct DrainTests {
    @Test("Evenly over the time, and everybody at its end", arguments: [1_000, 60_000] as [Int64], [0, 1 << 48] as [UInt64])
    func spread(over time: Int64, first: UInt64) {
        let drain = Drain(since: 5_000, over: time)
        for tenth in 1..<10 {
            let due = (first + 1...first + 1_000).count { drain.isDue($0, at: 5_000 + time * Int64(tenth) / 10) }
            #expect((tenth * 100 - 20...tenth * 100 + 20).contains(due), "\(due) after \(tenth) tenths")
        }
        #expect((first + 1...first + 1_000).allSatisfy { drain.isDue($0, at: 5_000 + time) })
    }

    @Test("Who comes is closed, who mines is asked once and mines on; after it is cancelled everybody is welcome")
    func doors() async throws {
        let harness = try Harness()
        let (job, miner) = try harness.mining()
        harness.server.drain(over: .zero)
        #expect(try miner.notification("client.reconnect") == #"{"id":null,"method":"client.reconnect","params":[]}"#)
        let late = try harness.client()
        #expect(try late.isClosed())
        miner.send(TestShare(job, extranonce1: miner.extranonce1).line())
        #expect(try miner.answer() == accepted)
        #expect(harness.server.counters.disconnected[.drained] == 1)
        harness.server.drain(over: nil)
        try harness.client().handshake("b")
        #expect(!miner.notifications.contains { $0.contains("client.reconnect") }, "once is enough")
        harness.server.drain(over: .zero)
        #expect(try miner.notification("client.reconnect") != nil)
        await harness.stop()
    }
}
