import Accounting
import Testing

/// A ledger whose accounts have exactly what a test gives them, mature.
struct PayoutBooks {
    static let chain = Ledger.parentChain

    let folder: String
    let ledger: Ledger

    init(folder: String) throws {
        self.folder = folder
        var settings = LedgerSettings(dataFolder: folder)
        settings.chains = [ChainTerms(chain: Self.chain, scheme: .prop), ChainTerms(chain: "rootstock", scheme: .prop)]
        ledger = try Ledger(settings)
    }

    /// A block whose round has these accounts with these weights, and whose reward is their sum.
    func credit(_ amounts: [(account: String, amount: UInt128)], chain: String = Self.chain, block: String) throws {
        try ledger.append(
            amounts.map { account, amount in
                let worker = try #require(ledger.workers.handle(account: account, worker: ""))
                return ShareEntry(worker: worker, reason: 0, weight: amount, difficulty: 1)
            }
        )
        let reward = amounts.reduce(0) { $0 + $1.amount }
        try ledger.recordBlock(
            FoundBlock(chain: chain, height: 1, hash: block, worker: nil, time: 0, state: .accepted, reward: reward, networkWeight: 1)
        )
        try ledger.settleRounds()
        try ledger.updateBlock(chain: chain, hash: block, BlockNews(state: .confirmed))
        try ledger.settleRounds()
    }

    func balance(_ account: String, chain: String = Self.chain) throws -> AccountBalance? {
        try ledger.balances(account: account).first { $0.chain == chain }
    }

    func expectCleanAudit(_ comment: Comment? = nil, sourceLocation: SourceLocation = #_sourceLocation) throws {
        #expect(try ledger.audit().difference == nil, comment, sourceLocation: sourceLocation)
    }
}
