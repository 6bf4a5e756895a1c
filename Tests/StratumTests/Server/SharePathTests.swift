import CCounting
import Hashing
import JSON
import Testing

@testable import Stratum

@Suite("What the share path costs besides its work")
struct SharePathTests {
    private static let shares = 200

    @Test("A turn of many shares allocates nothing for any of them; in an optimised build it counts no references for any either")
    func allocations() throws {
        let pool = FakePool()
        var path = try SharePath(host: pool, judge: ShareJudge(engine: .scalar))
        var jobs = JobFactory()
        let job = jobs.job()
        path.publish(job)
        let client = try Client(port: path.port)
        client.send(#"{"id":1,"method":"mining.subscribe","params":["test/1"]}"#, #"{"id":2,"method":"mining.authorize","params":["a.w","x"]}"#)
        for _ in 0..<100 { path.turn() }
        let reply = try JSONValue(parsing: try #require(try client.answer()))
        let extranonce1 = try #require(reply["result"]?[1]?.string.flatMap { UInt32($0, radix: 16) })
        #expect(try client.answer() == #"{"id":2,"result":true,"error":null}"#)

        let start = counting_now().allocations
        var records: [ShareRecord] = []
        records.reserveCapacity(2 * Self.shares)
        guard counting_now().allocations > start else { return print("skipped: under a sanitizer allocations are not counted") }
        // The first turns make room in what is kept for later ones.
        for turn in 0..<4 {
            let lines = (0..<Self.shares).map { number in
                TestShare(job, extranonce1: extranonce1, nonce: UInt32(turn * Self.shares + number)).line() + "\n"
            }
            client.send(raw: lines.joined())
            path.wait()
            let before = counting_now()
            path.read()
            path.judge()
            let middle = counting_now()
            records.removeAll(keepingCapacity: true)
            path.ring.settle(path.ring.read(into: &records), as: .stored)
            let settled = counting_now()
            path.reply()
            path.write()
            let after = counting_now()
            for _ in 0..<Self.shares { #expect(try client.answer() == accepted) }
            guard turn == 3 else { continue }
            let allocations = middle.allocations - before.allocations + after.allocations - settled.allocations
            #expect(allocations < 8, "\(allocations) allocations in a turn of \(Self.shares) shares")
            #if !DEBUG
                let retains = middle.retains - before.retains + after.retains - settled.retains
                let releases = middle.releases - before.releases + after.releases - settled.releases
                #expect(retains < UInt64(Self.shares) / 4, "\(retains) retains in a turn of \(Self.shares) shares")
                #expect(releases < UInt64(Self.shares) / 4, "\(releases) releases in a turn of \(Self.shares) shares")
            #endif
        }
        #expect(path.accepted == UInt64(4 * Self.shares))
    }
}
