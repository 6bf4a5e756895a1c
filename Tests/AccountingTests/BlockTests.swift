import Testing

@testable import Accounting

@Suite("Blocks are kept with their life")
struct BlockTests {
    private func found(_ number: Int, chain: String = Ledger.parentChain, worker: UInt32?) -> FoundBlock {
        FoundBlock(
            chain: chain,
            height: Int64(number),
            hash: "hash\(number)",
            worker: worker,
            time: Int64(number),
            reward: 312_500_000,
            networkWeight: 1_000
        )
    }

    @Test func effortCountsFromTheLastBlockThatAChainTook() throws {
        let folder = try DataFolder()
        let ledger = try Ledger(folder.settings())
        let worker = try #require(ledger.workers.handle(account: "alice", worker: "rig"))
        for (number, state) in [(1, BlockState.accepted), (2, .rejected), (3, .accepted)] {
            try ledger.append([.accepted(worker, weight: 500)])
            try ledger.recordBlock(found(number, worker: worker))
            try ledger.updateBlock(chain: Ledger.parentChain, hash: "hash\(number)", .init(state: state, answer: "word"))
        }
        try ledger.append([.accepted(worker, weight: 250)])
        let blocks = try ledger.blocks()
        #expect(blocks.map(\.height) == [3, 2, 1])
        #expect(blocks.map(\.effort) == [1, 0.5, 0.5])
        #expect(blocks[0].worker == "rig")
        #expect(blocks[0].answer == "word")
        #expect(try ledger.weightSinceLastBlock(chain: Ledger.parentChain) == 250)
        #expect(try ledger.weightSinceLastBlock(chain: "namecoin") == 1_750)
        #expect(try ledger.luck(chain: Ledger.parentChain) == 2 / 1.5)
        #expect(try ledger.blocks(states: [.rejected]).map(\.hash) == ["hash2"])
    }

    @Test func recordingTwiceChangesNothing() throws {
        let folder = try DataFolder()
        let ledger = try Ledger(folder.settings())
        try ledger.recordBlock(found(1, worker: nil))
        try ledger.updateBlock(chain: Ledger.parentChain, hash: "hash1", .init(state: .accepted))
        try ledger.recordBlock(found(1, worker: nil))
        try ledger.recordBlock(found(1, chain: "namecoin", worker: nil))
        #expect(try ledger.blocks().map(\.state) == [.found, .accepted])
        #expect(try ledger.blocks(chain: "namecoin").count == 1)
    }

    @Test func lateNewsDoesNotUnjudge() throws {
        let folder = try DataFolder()
        let ledger = try Ledger(folder.settings())
        try ledger.recordBlock(found(1, worker: nil))
        let steps: [(BlockState, Bool)] = [
            (.submitted, true), (.accepted, true), (.submitted, false), (.immature, true), (.found, false), (.orphaned, true),
        ]
        for (state, isTaken) in steps {
            #expect(try ledger.updateBlock(chain: Ledger.parentChain, hash: "hash1", .init(state: state)) == isTaken)
        }
        #expect(try ledger.updateBlock(chain: Ledger.parentChain, hash: "none", .init(state: .accepted)) == false)
        #expect(try ledger.blocks().first?.state == .orphaned)
    }
}
