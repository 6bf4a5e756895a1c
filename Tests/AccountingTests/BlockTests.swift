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

    /// All solutions of one AuxPoW work are one block: a second one is refused because the first was taken.
    @Test(arguments: [BlockState.accepted, .immature, .confirmed, .uncle, .orphaned])
    func anAnswerChangesNothingThatTheChainHasJudged(state: BlockState) throws {
        let folder = try DataFolder()
        let ledger = try Ledger(folder.settings())
        var block = found(1, worker: nil)
        block.state = state
        try ledger.recordBlock(block)
        for answer in [BlockState.stale, .rejected, .uncle, .accepted, .submitted] where answer != state {
            #expect(try !ledger.updateBlock(chain: Ledger.parentChain, hash: "hash1", .init(state: answer, by: .answer)))
        }
        #expect(try ledger.updateBlock(chain: Ledger.parentChain, hash: "hash1", .init(state: state, by: .answer, answer: "as it is")))
        #expect(try ledger.blocks().map(\.state) == [state])
        #expect(try ledger.updateBlock(chain: Ledger.parentChain, hash: "hash1", .init(state: .stale, by: .chain)))
    }

    @Test func anAnswerToALaterSolutionMayRescueABlock() throws {
        let folder = try DataFolder()
        let ledger = try Ledger(folder.settings())
        try ledger.recordBlock(found(1, worker: nil))
        let steps: [(BlockState, Bool)] = [
            (.rejected, true), (.submitted, false), (.stale, true), (.rejected, false), (.accepted, true), (.stale, false),
        ]
        for (state, isTaken) in steps {
            #expect(try ledger.updateBlock(chain: Ledger.parentChain, hash: "hash1", .init(state: state, by: .answer)) == isTaken)
        }
    }

    @Test func aRewardThatNoChainPaysIsNotKnown() throws {
        let folder = try DataFolder()
        let ledger = try Ledger(folder.settings())
        let most: UInt128 = 1 << 96
        for (number, reward) in [UInt128.max, most, most - 1].enumerated() {
            var block = found(number, worker: nil)
            block.reward = reward
            try ledger.recordBlock(block)
        }
        #expect(try ledger.blocks().map(\.reward) == [most - 1, 0, 0])
        try ledger.updateBlock(chain: Ledger.parentChain, hash: "hash2", .init(state: .accepted, reward: .max))
        #expect(try ledger.blocks().map(\.reward) == [0, 0, 0])
    }

    @Test func oneThatCannotBeBookedKeepsNoOtherWaiting() throws {
        let folder = try DataFolder()
        let ledger = try Ledger(folder.settings())
        for number in 1...3 {
            var block = found(number, worker: ledger.workers.handle(account: "alice", worker: "rig"))
            block.state = .accepted
            try ledger.store.record(block, poolWeight: 0)
        }
        try ledger.store.write { database, _ throws(LedgerError) in
            try database.execute(
                """
                CREATE TRIGGER no_round BEFORE INSERT ON round WHEN NEW.block = (SELECT id FROM block WHERE hash = 'hash1')
                BEGIN SELECT RAISE(ABORT, 'not this one'); END
                """
            )
        }
        #expect { try ledger.settleRounds() } throws: { "\($0)".contains("not this one") }
        #expect(try ledger.rounds().map(\.blockHash) == ["hash3", "hash2"])
        try ledger.store.write { database, _ throws(LedgerError) in try database.execute("DROP TRIGGER no_round") }
        try ledger.settleRounds()
        #expect(try ledger.balances(account: "alice").map(\.immature) == [3 * 312_500_000])
    }
}
