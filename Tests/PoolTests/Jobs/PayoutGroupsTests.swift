import Bitcoin
import Stratum
import Testing

@testable import Pool

@Suite("Payout groups come and go")
struct PayoutGroupsTests {
    private let start = ContinuousClock.now

    private func script(_ number: Int) -> Script {
        Script.payToWitness(version: 0, program: (0..<20).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) })
    }

    @Test("a group is its script's for as long as it has miners, and ten minutes more; its number is never another's")
    func life() {
        var groups = PayoutGroups()
        #expect(groups.admit(script(1), at: start) == 1)
        #expect(groups.admit(script(1), at: start) == 1)
        #expect(groups.admit(script(2), at: start) == 2)
        groups.dismiss(2, at: start)
        groups.dismiss(1, at: start)
        #expect(groups.admit(script(2), at: start + .seconds(599)) == 2)
        groups.dismiss(2, at: start + .seconds(599))
        #expect(groups.admit(script(3), at: start + .seconds(601)) == 3)
        #expect(groups.number(of: script(2)) == 2, "its second time has begun")
        _ = groups.admit(script(3), at: start + .seconds(1_300))
        #expect(groups.number(of: script(2)) == nil && groups.script(of: 2) == nil)
        #expect(groups.number(of: script(1)) == 1, "one miner is left")
        #expect(groups.admit(script(2), at: start + .seconds(1_300)) == 4)
    }

    @Test("a hundred thousand invented accounts leave nothing behind")
    func invented() {
        var groups = PayoutGroups()
        for number in 0..<100_000 {
            let now = start + .milliseconds(100 * number)
            groups.dismiss(groups.admit(script(number), at: now), at: now)
            #expect(groups.count <= 6_001)
        }
    }

    @Test("groups go on in the next process; those that nobody comes back to end")
    func travel() throws {
        var groups = PayoutGroups()
        for number in 1...3 { _ = groups.admit(script(number), at: start) }
        groups.dismiss(2, at: start)
        var stream = HandoverStream()
        try groups.pass(through: &stream)
        var next = PayoutGroups()
        stream = HandoverStream(reading: stream.bytes, sockets: [])
        try next.pass(through: &stream)
        next.readmit(1)
        let later = ContinuousClock.now + .seconds(601)
        #expect(next.admit(script(4), at: later) == 4)
        #expect(next.script(of: 1) == script(1) && next.number(of: script(2)) == nil && next.number(of: script(3)) == nil)
    }
}
