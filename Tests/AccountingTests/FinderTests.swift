import Testing

@testable import Accounting

/// Blocks that belong to who found them.
@Suite("Blocks of one finder")
struct FinderTests {
    private let parent = Ledger.parentChain

    private func ledger(_ scheme: RewardScheme, in folder: DataFolder) throws -> Ledger {
        try Ledger(folder.settings { $0.chains = [ChainTerms(chain: Ledger.parentChain, scheme: scheme, fee: .init(millionths: 100_000))] })
    }

    private func found(_ hash: String, by worker: UInt32?, isOutside: Bool = false) -> FoundBlock {
        FoundBlock(
            chain: parent,
            height: 1,
            hash: hash,
            worker: worker,
            time: 1,
            state: .accepted,
            reward: 1_000,
            networkWeight: 50,
            isOutside: isOutside
        )
    }

    private func amounts(_ ledger: Ledger, _ account: String) throws -> [Int128] {
        try ledger.balances(account: account).flatMap { [$0.immature, $0.payable, $0.paid] }
    }

    @Test func soloIsPaidByItsCoinbaseAndTakenBackWithIt() throws {
        let folder = try DataFolder()
        let ledger = try ledger(.solo, in: folder)
        let worker = try #require(ledger.workers.handle(account: "a", worker: ""))
        try ledger.append([.accepted(worker, weight: 7)])
        try ledger.recordBlock(found("h", by: worker))
        try ledger.settleRounds()
        #expect(try amounts(ledger, "a") == [900, 0, 0])
        try ledger.updateBlock(chain: parent, hash: "h", .init(state: .confirmed))
        try ledger.settleRounds()
        #expect(try amounts(ledger, "a") == [0, 0, 900])
        #expect(try amounts(ledger, "") == [0, 100, 0])
        #expect(try ledger.audit().isClean)
        try ledger.updateBlock(chain: parent, hash: "h", .init(state: .orphaned))
        try ledger.settleRounds()
        #expect(try amounts(ledger, "a") == [0, 0, 0])
        #expect(try amounts(ledger, "") == [0, 0, 0])
        #expect(try ledger.audit().isClean)
    }

    @Test func anAccountsBlocksAreAskedForByThemselves() throws {
        let folder = try DataFolder()
        let ledger = try ledger(.prop, in: folder)
        let (early, later) = (
            try #require(ledger.workers.handle(account: "a", worker: "x")), try #require(ledger.workers.handle(account: "b", worker: "x"))
        )
        try ledger.recordBlock(found("first", by: early))
        for number in 0..<10 { try ledger.recordBlock(found("later \(number)", by: later)) }
        try ledger.recordBlock(found("nobody's", by: nil))
        #expect(try ledger.blocks(account: "a", limit: 5).map(\.hash) == ["first"])
        #expect(try ledger.blocks(account: "b", limit: 5).map(\.hash) == (5..<10).reversed().map { "later \($0)" })
        #expect(try ledger.blocks(chain: "namecoin", account: "a").isEmpty)
        #expect(try ledger.blocks(account: "c").isEmpty)
    }

    @Test(arguments: [RewardScheme.pplns(window: .init(millionths: 2_000_000)), .prop, .solo, .pps])
    func aBlockFromOutsideIsItsFindersAlone(scheme: RewardScheme) throws {
        let folder = try DataFolder()
        let ledger = try ledger(scheme, in: folder)
        let (miner, other) = (
            try #require(ledger.workers.handle(account: "miner", worker: "")), try #require(ledger.workers.handle(account: "other", worker: ""))
        )
        try ledger.append([.accepted(miner, weight: 30)])
        try ledger.recordBlock(found("outside", by: other, isOutside: true))
        try ledger.settleRounds()
        #expect(try amounts(ledger, "other") == [900, 0, 0])
        #expect(try amounts(ledger, "miner").allSatisfy { $0 == 0 })
        // The miners' own round goes on: its work and its effort are what they were.
        #expect(try ledger.weightSinceLastBlock(chain: parent) == 30)
        try ledger.append([.accepted(miner, weight: 20)])
        try ledger.recordBlock(found("own", by: miner))
        try ledger.settleRounds()
        #expect(try ledger.rounds(limit: 1).first?.weight == 50)
        #expect(try ledger.blocks(limit: 1).first?.effort == 1)
        #expect(try ledger.luck(chain: parent) == 1)
        if scheme == .prop { #expect(try amounts(ledger, "miner") == [900, 0, 0]) }
        #expect(try ledger.audit().isClean)
    }
}
