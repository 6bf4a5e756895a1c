import Testing

@testable import Accounting

/// The pool's fee changes while the ledger is open.
@Suite("The pool's fee changes")
struct FeeChangeTests {
    private let parent = Ledger.parentChain

    private func ledger(_ scheme: RewardScheme, floor: Int128 = 0, in folder: DataFolder) throws -> Ledger {
        try Ledger(
            folder.settings { settings in
                let terms = ChainTerms(chain: Ledger.parentChain, scheme: scheme, fee: .init(millionths: 100_000), floor: floor)
                settings.chains = [terms, ChainTerms(chain: "namecoin", scheme: .prop, fee: .init(millionths: 100_000))]
            }
        )
    }

    private func amounts(_ ledger: Ledger, _ account: String, on chain: String) throws -> [Int128] {
        try ledger.balances(account: account).filter { $0.chain == chain }.flatMap { [$0.immature, $0.payable] }
    }

    private func find(_ hash: String, on chain: String, _ ledger: Ledger) throws {
        try ledger.recordBlock(
            FoundBlock(chain: chain, height: 1, hash: hash, worker: nil, time: 1, state: .accepted, reward: 1_000, networkWeight: 50)
        )
        try ledger.settleRounds()
    }

    @Test("It holds from the round that is open; closed ones keep theirs, other chains too, and accounts with a fee of their own")
    func rounds() throws {
        let folder = try DataFolder()
        let ledger = try ledger(.prop, in: folder)
        let (one, two) = (
            try #require(ledger.workers.handle(account: "a", worker: "")), try #require(ledger.workers.handle(account: "b", worker: ""))
        )
        try ledger.setFee(.init(millionths: 0), account: "b", chain: parent)
        try ledger.append([.accepted(one, weight: 10), .accepted(two, weight: 10)])
        try find("first", on: parent, ledger)
        #expect(try amounts(ledger, "a", on: parent) == [450, 0])
        try ledger.append([.accepted(one, weight: 10), .accepted(two, weight: 10)])
        #expect(try ledger.setFees([parent: .init(millionths: 200_000)]))
        try find("second", on: parent, ledger)
        #expect(try amounts(ledger, "a", on: parent) == [450 + 400, 0])
        #expect(try amounts(ledger, "b", on: parent) == [1_000, 0])
        #expect(try ledger.fee(account: "a", chain: parent) == .init(millionths: 200_000))
        try find("third", on: "namecoin", ledger)
        #expect(try amounts(ledger, "a", on: "namecoin") == [450, 0])
        #expect(try ledger.audit().isClean)
        try ledger.close()
    }

    @Test("Where shares are paid one by one, those before it are credited at the former fee, or nothing changes")
    func perShare() throws {
        let folder = try DataFolder()
        let ledger = try ledger(.pps, floor: -100, in: folder)
        let worker = try #require(ledger.workers.handle(account: "a", worker: ""))
        #expect(try ledger.setPay(chain: parent, reward: 100, networkWeight: 100))
        try ledger.append([.accepted(worker, weight: 50)])
        #expect(try ledger.setFees([parent: .init(millionths: 500_000)]))
        #expect(try amounts(ledger, "a", on: parent) == [0, 45])
        try ledger.append([.accepted(worker, weight: 50)])
        #expect(try ledger.creditShares())
        #expect(try amounts(ledger, "a", on: parent) == [0, 45 + 25])
        // 70 of 100 are lent; 50 more cannot be, so they wait, and at the fee they were worked for.
        try ledger.append([.accepted(worker, weight: 100)])
        #expect(try ledger.setFees([parent: .init(millionths: 0), "namecoin": .none]) == false)
        #expect(try ledger.fee(account: "a", chain: parent) == .init(millionths: 500_000))
        #expect(try ledger.fee(account: "a", chain: "namecoin") == .init(millionths: 100_000))
        #expect(try ledger.audit().isClean)
        try ledger.close()
    }
}
