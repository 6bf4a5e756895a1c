import Testing

@testable import Accounting

/// Where a round of PROP begins and whom its reward goes to, when blocks come at once or are lost.
@Suite("Proportional rounds")
struct ProportionalTests {
    private let folder: DataFolder
    private let ledger: Ledger

    init() throws {
        folder = try DataFolder()
        ledger = try Ledger(folder.settings { $0.chains = [ChainTerms(chain: "rootstock", scheme: .prop)] })
    }

    private func work(_ account: String, _ weight: UInt128) throws {
        try ledger.append([.accepted(try #require(ledger.workers.handle(account: account, worker: "")), weight: weight)])
    }

    private func find(_ hash: String, _ state: BlockState = .accepted, by finder: String? = nil) throws {
        let worker = finder.flatMap { ledger.workers.handle(account: $0, worker: "") }
        let reward: UInt128 = state == .uncle ? 0 : 100
        try ledger.recordBlock(
            FoundBlock(chain: "rootstock", height: 1, hash: hash, worker: worker, time: 1, state: state, reward: reward, networkWeight: 10)
        )
    }

    private func news(_ hash: String, _ state: BlockState) throws {
        try ledger.updateBlock(chain: "rootstock", hash: hash, .init(state: state))
        try ledger.settleRounds()
    }

    private func immature(_ account: String) throws -> Int128 { try ledger.balances(account: account).reduce(0) { $0 + $1.immature } }

    @Test("two blocks that settle with no work between them go to the same miners")
    func atOnce() throws {
        try work("a", 30)
        try work("b", 10)
        try find("h1")
        try find("h2")
        try ledger.settleRounds()
        #expect(try (immature("a"), immature("b"), immature("")) == (150, 50, 0))
        try work("b", 1)
        try find("h3")
        try ledger.settleRounds()
        #expect(try (immature("a"), immature("b"), immature("")) == (150, 150, 0))
        #expect(try ledger.audit().isClean)
    }

    @Test("a block before anybody's work is its finder's")
    func first() throws {
        try find("h1", by: "a")
        try ledger.settleRounds()
        #expect(try (immature("a"), immature("")) == (100, 0))
        #expect(try ledger.audit().isClean)
    }

    @Test("an uncle takes no work from the block that follows")
    func uncle() throws {
        try work("a", 10)
        try find("h1", .uncle)
        try ledger.settleRounds()
        try work("b", 10)
        try find("h2")
        try ledger.settleRounds()
        #expect(try (immature("a"), immature("b"), immature("")) == (50, 50, 0))
        #expect(try ledger.audit().isClean)
    }

    @Test("the work of rounds that were taken back goes on into the next")
    func lost() throws {
        try work("a", 20)
        try find("h1")
        try ledger.settleRounds()
        try news("h1", .stale)
        try work("b", 20)
        try find("h2")
        try ledger.settleRounds()
        #expect(try (immature("a"), immature("b")) == (50, 50))
        try news("h2", .orphaned)
        try work("c", 60)
        try find("h3")
        try ledger.settleRounds()
        #expect(try (immature("a"), immature("b"), immature("c")) == (20, 20, 60))
        // One that comes back is paid as it was closed.
        try news("h2", .immature)
        #expect(try (immature("a"), immature("b"), immature("c")) == (70, 70, 60))
        #expect(try ledger.audit().isClean)
    }
}
