import Hashing
import JSON
import Testing

@testable import MergeMining

@Suite struct WorkKeeperTests {
    private var sample = SampleWorks(seed: 30)

    private func rsk(_ hash: UInt8, parent: UInt8, height: UInt8 = 9, fees: String = "100", notify: Bool = false) -> AuxiliaryWork.Content {
        let bytes = [UInt8](repeating: hash, count: 28) + [0, 0, 0, height]
        return .rsk(
            RSKWork(
                hash: RSKMiningHash(bytes: bytes)!,
                target: .max,
                parent: [UInt8](repeating: parent, count: 32),
                fees: fees,
                notify: notify
            )
        )
    }

    private func namecoin(_ hash: UInt8, parent: UInt8, height: Int64 = 800_000) throws -> AuxiliaryWork.Content {
        .auxPow(
            try AuxPowWork(
                [
                    "hash": .string(Hex.encode([UInt8](repeating: hash, count: 32))), "chainid": 1, "bits": "207fffff",
                    "previousblockhash": .string(Hex.encode([UInt8](repeating: parent, count: 32))), "height": .integer(height),
                ],
                flavour: .namecoin,
                chain: .namecoin
            )
        )
    }

    @Test func parentsAndFees() {
        var keeper = WorkKeeper(chain: "rootstock")
        #expect(keeper.state == .starting)
        #expect(keeper.tick(.seconds(99)) == .none)
        #expect(keeper.take(rsk(1, parent: 1), from: "a", now: .seconds(100), unixTime: 5) == .urgent)
        #expect(keeper.current?.since == 5)
        // The hint alone makes no other work of it, and the time it first came stays.
        #expect(keeper.take(rsk(1, parent: 1, notify: true), from: "a", now: .seconds(102), unixTime: 7) == .none)
        #expect(keeper.current?.since == 5)
        #expect(keeper.take(rsk(2, parent: 1, fees: "149"), from: "a", now: .seconds(104), unixTime: 9) == .quiet)
        #expect(keeper.take(rsk(3, parent: 1, fees: "224"), from: "a", now: .seconds(106), unixTime: 11) == .urgent)
        #expect(keeper.take(rsk(4, parent: 2), from: "a", now: .seconds(108), unixTime: 13) == .urgent)
        #expect(keeper.state == .working)
    }

    /// Namecoin hands out two templates of one tip in turn; jobs must not follow.
    @Test func flipFlop() throws {
        var keeper = WorkKeeper(chain: "namecoin")
        #expect(keeper.take(try namecoin(1, parent: 1), from: "a", now: .seconds(0), unixTime: 0) == .urgent)
        for second in 1..<60 {
            #expect(keeper.take(try namecoin(second % 2 == 0 ? 1 : 2, parent: 1), from: "a", now: .seconds(second), unixTime: 0) == .none)
        }
        #expect(keeper.take(try namecoin(2, parent: 1), from: "a", now: .seconds(60), unixTime: 0) == .quiet)
        #expect(keeper.take(try namecoin(3, parent: 2), from: "a", now: .seconds(61), unixTime: 0) == .urgent)
    }

    @Test func silenceDropsTheLeaf() throws {
        var keeper = WorkKeeper(chain: "namecoin")
        _ = keeper.take(try namecoin(1, parent: 1), from: "a", now: .seconds(0), unixTime: 0)
        let error = AuxiliaryNodeError.node("gave no answer in time", label: "timed-out")
        #expect(keeper.fail(error, from: "a", now: .seconds(5)) == .none)
        #expect(keeper.current != nil)
        #expect(keeper.tick(.seconds(10)) == .none)
        #expect(keeper.tick(.milliseconds(10_001)) == .quiet)
        #expect(keeper.current == nil)
        #expect(keeper.state == .down)
        #expect(keeper.lastError == "the node gave no answer in time")
        #expect(keeper.take(try namecoin(1, parent: 1), from: "a", now: .seconds(70), unixTime: 0) == .urgent)
        #expect(keeper.state == .working)
    }

    @Test func anotherChainIsDroppedAtOnce() throws {
        var keeper = WorkKeeper(chain: "namecoin")
        _ = keeper.take(try namecoin(1, parent: 1), from: "a", now: .seconds(0), unixTime: 0)
        #expect(keeper.fail(.reply(.chainID(expected: 1, found: 2)), from: "a", now: .seconds(1)) == .quiet)
        #expect(keeper.current == nil)
        #expect(keeper.state == .wrongChain)
        #expect(keeper.tick(.seconds(60)) == .none)
        #expect(keeper.state == .wrongChain)
        #expect(keeper.take(try namecoin(1, parent: 1), from: "a", now: .seconds(61), unixTime: 0) == .urgent)
    }

    /// A node that answers but does not follow its chain: the times of the two blocks would be too far apart.
    @Test func stalledRSKNode() {
        var keeper = WorkKeeper(chain: "rootstock")
        for second in stride(from: 0, through: 240, by: 2) {
            _ = keeper.take(rsk(1, parent: 1), from: "a", now: .seconds(second), unixTime: 0)
        }
        #expect(keeper.current != nil)
        #expect(keeper.take(rsk(1, parent: 1), from: "a", now: .seconds(242), unixTime: 0) == .quiet)
        #expect(keeper.current == nil)
        #expect(keeper.state == .stalled)
        #expect(keeper.take(rsk(2, parent: 1), from: "a", now: .seconds(244), unixTime: 0) == .urgent)
    }

    /// Of several nodes the furthest gives the work; equals do not take turns.
    @Test func severalNodes() {
        var keeper = WorkKeeper(chain: "rootstock")
        _ = keeper.take(rsk(1, parent: 1, height: 9), from: "b", now: .seconds(0), unixTime: 0)
        #expect(keeper.take(rsk(2, parent: 1, height: 9), from: "a", now: .seconds(1), unixTime: 0) == .none)
        #expect(keeper.take(rsk(3, parent: 1, height: 9), from: "z", now: .seconds(1), unixTime: 0) == .none)
        #expect(keeper.current?.node == "b")
        #expect(keeper.take(rsk(4, parent: 2, height: 10), from: "a", now: .seconds(2), unixTime: 0) == .urgent)
        #expect(keeper.current?.node == "a")
        // When the furthest dies the next takes over, on its older parent.
        _ = keeper.take(rsk(1, parent: 1, height: 9), from: "b", now: .seconds(12), unixTime: 0)
        #expect(keeper.tick(.milliseconds(12_500)) == .urgent)
        #expect(keeper.current?.node == "b")
    }
}
