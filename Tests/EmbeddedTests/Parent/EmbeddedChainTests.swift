import Bitcoin
import Embedded
import Hashing
import Testing

@Suite struct EmbeddedChainTests {
    @Test func genesisIsRegtests() {
        let chain = newChain()
        #expect(chain.tip.hash.displayHex == "0f9188f13cb7b2c71f2a335e3a4fc328bf5beb436012afca590b1a11466e2206")
        #expect(chain.tip.header.merkleRoot.displayHex == "4a5e1e4baab89f3a32518a88c31bc87f618f76673e2cc77ab2127b7afdeda33b")
        #expect(chain.height == 0)
        #expect(chain.tip.chainWork == 2)
    }

    @Test func subsidyHalvesEach150Blocks() {
        var chain = newChain(depth: 0)
        #expect(chain.template(now: testClock).coinbaseValue == 5_000_000_000)
        chain.mine(148)
        #expect(chain.template(now: testClock).coinbaseValue == 5_000_000_000)
        chain.mine(1)
        #expect(chain.template(now: testClock).height == 150)
        #expect(chain.template(now: testClock).coinbaseValue == 2_500_000_000)
    }

    @Test func templatesOfferFreshTransactionsAfterEachBlock() {
        var chain = newChain(depth: 30)
        let first = chain.template(now: testClock)
        #expect(first.transactions.count == 30)
        #expect(first.coinbaseValue == 5_000_000_000 + first.transactions.reduce(0) { $0 + $1.fee })
        chain.mine(1)
        let second = chain.template(now: testClock)
        #expect(second.transactions.count == 30)
        #expect(Set(first.transactions.map(\.txid)).isDisjoint(with: second.transactions.map(\.txid)))
    }

    /// An empty block leaves the waiting transactions where they are.
    @Test func anEmptyBlockTakesNone() {
        var chain = newChain(depth: 5)
        let template = chain.template(now: testClock)
        let empty = BlockMaker(template: template).block {
            $0.transactions.removeLast(5)
            $0.transactions[0].outputs[0].value = 5_000_000_000
        }
        #expect(chain.submit(empty, now: testClock) == .tip)
        #expect(chain.template(now: testClock).transactions.map(\.txid) == template.transactions.map(\.txid))
    }

    @Test func templatesStayBelowTheWeightLimit() {
        var chain = newChain(depth: 8_000)
        let template = chain.template(now: testClock)
        #expect(template.transactions.count < 8_000)
        let weight = template.transactions.reduce(0) { $0 + $1.weight }
        #expect((3_980_000...3_992_000).contains(weight))
        #expect(chain.submit(BlockMaker(template: template).block(), now: testClock) == .tip)
    }

    @Test func timesFollowTheMedian() {
        var chain = newChain(depth: 0)
        for second in [50, 10, 90, 20, 30, 80, 70, 60, 40, 110, 100] { chain.mine(1, now: testClock + UInt32(second)) }
        let template = chain.template(now: testClock)
        // The template of a clock that lags behind takes the lowest time allowed.
        #expect(template.minimumTime == chain.tip.medianTimePast + 1)
        #expect(template.time == template.minimumTime)
        #expect(chain.template(now: testClock + 500).time == testClock + 500)
    }

    // MARK: Branches

    @Test func mostWorkWinsAndFirstSeenBreaksTies() throws {
        var chain = newChain()
        chain.mine(3)
        let fork = try #require(chain.hash(atHeight: 3))
        var rival = chain
        chain.mine(1, tag: 1)
        let first = chain.tip
        rival.mine(2, tag: 2)

        let fourth = try #require(rival.hash(atHeight: 4))
        let side = try rival.block(of: #require(rival.entry(fourth)))
        #expect(chain.submit(side, now: testClock) == .sideBranch)
        #expect(chain.tip.hash == first.hash)
        #expect(chain.confirmations(of: try #require(chain.entry(side.header.hash))) == -1)

        let longer = try rival.block(of: rival.tip)
        #expect(chain.submit(longer, now: testClock) == .tip)
        #expect(chain.tip.hash == rival.tip.hash)
        #expect(chain.hash(atHeight: 3) == fork)
        #expect(chain.confirmations(of: first) == -1)
        #expect(chain.confirmations(of: try #require(chain.entry(side.header.hash))) == 2)
    }

    /// Transactions of a disconnected block come back and can be mined again.
    @Test func aReorganisationGivesTransactionsBack() throws {
        var chain = newChain(depth: 6)
        let old = chain.template(now: testClock).transactions.map(\.txid)
        let block = chain.nextBlock()
        #expect(chain.submit(block, now: testClock) == .tip)
        chain.invalidate(block.header.hash)
        #expect(chain.height == 0)
        let again = chain.template(now: testClock).transactions.map(\.txid)
        #expect(Array(again.prefix(6)) == old)
        #expect(chain.submit(chain.nextBlock(tag: 9), now: testClock) == .tip)
        #expect(chain.submit(block, now: testClock) == .refused(.duplicateInvalid))
    }

    /// A side branch may confirm what the active chain confirmed too: each chain spends for itself.
    @Test func branchesMayHoldTheSameTransactions() {
        var chain = newChain(depth: 4)
        let template = chain.template(now: testClock)
        let one = BlockMaker(template: template, tag: 1).block()
        let other = BlockMaker(template: template, tag: 2).block()
        #expect(chain.submit(one, now: testClock) == .tip)
        #expect(chain.submit(other, now: testClock) == .sideBranch)
        chain.prefer(other.header.hash)
        #expect(chain.tip.hash == other.header.hash)
        chain.prefer(one.header.hash)
        #expect(chain.tip.hash == one.header.hash)
    }

    /// A fault that shows only on connecting is found when the branch becomes the best, and the old tip stays.
    @Test func aBadBranchIsAbandoned() throws {
        var chain = newChain()
        let template = chain.template(now: testClock)
        chain.mine(1, tag: 1)
        let tip = chain.tip.hash
        let greedy = BlockMaker(template: template, tag: 2).block { $0.transactions[0].outputs[0].value += 1 }
        #expect(chain.submit(greedy, now: testClock) == .sideBranch)
        let child = BlockMaker(template: chain.template(now: testClock), tag: 3).block { $0.header.previousHash = greedy.header.hash }
        #expect(chain.submit(child, now: testClock) == .sideBranch)
        #expect(chain.tip.hash == tip)
        #expect(chain.submit(child, now: testClock) == .refused(.duplicateInvalid))
        #expect(chain.submit(chain.nextBlock(), now: testClock) == .tip)
    }

    @Test func invalidatingFallsBackToTheNextBest() {
        var chain = newChain()
        chain.mine(2)
        var rival = chain
        chain.mine(3, tag: 1)
        rival.mine(2, tag: 2)
        for height in 3...4 {
            guard let entry = rival.hash(atHeight: height).flatMap(rival.entry), let block = try? rival.block(of: entry) else { continue }
            #expect(chain.submit(block, now: testClock) == .sideBranch)
        }
        guard let third = chain.hash(atHeight: 3) else { return }
        chain.invalidate(third)
        #expect(chain.tip.hash == rival.tip.hash)
        #expect(chain.height == 4)
    }

    /// Harder blocks count for more: one of 1e7fffff outweighs many of 207fffff.
    @Test func workIsWeighedNotLength() {
        var easy = newChain(depth: 0)
        easy.mine(5)
        var hard = newChain(bits: CompactBits(rawValue: 0x1f7f_ffff), depth: 0)
        hard.mine(1)
        var chain = newChain(bits: CompactBits(rawValue: 0x1f7f_ffff), depth: 0)
        chain.restore(easy.stored)
        #expect(chain.height == 5)
        chain.restore(hard.stored)
        #expect(chain.height == 1)
        #expect(chain.tip.hash == hard.tip.hash)
    }

    // MARK: Blocks made again

    @Test func blocksAreMadeAgainFromWhatIsStored() throws {
        var chain = newChain(depth: 20)
        let block = chain.nextBlock()
        chain.mine(1)
        let entry = try #require(chain.entry(block.header.hash))
        #expect(try chain.block(of: entry).serialized == block.serialized)
    }

    @Test func restoringGivesTheSameChain() {
        var chain = newChain(depth: 3)
        let template = chain.template(now: testClock)
        chain.mine(4, tag: 1)
        #expect(chain.submit(BlockMaker(template: template, tag: 2).block(), now: testClock) == .sideBranch)
        var restored = newChain(bits: CompactBits(rawValue: 0x1d00_ffff), depth: 3)
        restored.restore(chain.stored)
        #expect(restored.tip.hash == chain.tip.hash)
        #expect(restored.stored == chain.stored)
        // New blocks need the new run's bits, and go on with the transactions that still wait.
        #expect(restored.template(now: testClock).bits == CompactBits(rawValue: 0x1d00_ffff))
        #expect(restored.template(now: testClock).transactions.map(\.txid) == chain.template(now: testClock).transactions.map(\.txid))
        let old = chain.nextBlock()
        #expect(restored.submit(old, now: testClock) == .refused(.badBits))
    }
}

@Suite struct TransactionSupplyTests {
    let supply = TransactionSupply(seed: 42)

    @Test func isAPureFunctionOfSeedAndSerial() {
        #expect(supply.transaction(7).bytes == TransactionSupply(seed: 42).transaction(7).bytes)
        #expect(supply.transaction(7).bytes != supply.transaction(8).bytes)
        #expect(supply.transaction(7).bytes != TransactionSupply(seed: 43).transaction(7).bytes)
    }

    @Test func lookLikeRealOnes() throws {
        var witnesses = 0
        for serial in 0..<500 {
            let offered = supply.transaction(UInt64(serial))
            let transaction = try Transaction(parsing: offered.bytes)
            #expect(transaction.txid == offered.txid)
            #expect(transaction.wtxid == offered.wtxid)
            #expect(transaction.weight == offered.weight)
            #expect(!transaction.isCoinbase)
            // At least one satoshi a virtual byte, as relay policy wants.
            #expect(offered.fee * 4 >= Int64(offered.weight))
            #expect(supply.serial(of: transaction) == UInt64(serial))
            if transaction.hasWitness { witnesses += 1 }
        }
        #expect((400..<475).contains(witnesses))
    }

    @Test func strangersAreNotRecognised() throws {
        var transaction = try Transaction(parsing: supply.transaction(3).bytes)
        transaction.outputs[0].value += 1
        #expect(supply.serial(of: transaction) == nil)
        #expect(TransactionSupply(seed: 1).serial(of: try Transaction(parsing: supply.transaction(3).bytes)) == nil)
    }
}
