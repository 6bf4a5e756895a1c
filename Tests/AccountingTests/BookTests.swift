import Foundation
import LocalPostgreSQL
import Randomness
import Testing

@testable import Accounting

@Suite("The books balance", .blocking)
struct BookTests {
    static let chains: [ChainTerms] = [
        ChainTerms(chain: Ledger.parentChain, scheme: .pplns(window: .init(millionths: 2_000_000)), fee: .init(millionths: 10_000)),
        ChainTerms(chain: "namecoin", scheme: .prop, fee: .init(millionths: 0)),
        ChainTerms(chain: "syscoin", scheme: .solo, fee: .init(millionths: 5_001)),
        ChainTerms(chain: "elastos", scheme: .pps, fee: .init(millionths: 33_333), floor: .min),
        ChainTerms(chain: "rootstock", scheme: .fpps, fee: .init(millionths: 1), floor: .min),
    ]

    /// How many blocks are simulated; on PostgreSQL fewer, as each is a score of commits there. By hand all of them.
    private static let blocks = Int(ProcessInfo.processInfo.environment["LEDGER_BLOCKS"] ?? "")

    @Test func overAThousandBlocks() throws {
        let seed = UInt64.random(in: .min ... .max)
        try simulate(try DataFolder(), blocks: Self.blocks ?? 1_000, seed: seed)
    }

    /// Both stores come to the same, to the unit and to the hash of every round.
    @Test(.enabled(if: LocalPostgreSQL.isInstalled, Comment(rawValue: LocalPostgreSQL.whatIsMissing)))
    func onBothStores() throws {
        let seed = UInt64.random(in: .min ... .max)
        let server = try #require(LocalPostgreSQL.shared)
        let blocks = Self.blocks ?? 60
        let onFile = try simulate(try DataFolder(), blocks: blocks, seed: seed)
        let onServer = try simulate(try DataFolder(), store: try server.makeDatabase(), blocks: blocks, seed: seed)
        #expect(onFile.rounds == onServer.rounds, "seed \(seed)")
        #expect(onFile.balances == onServer.balances, "seed \(seed)")
        #expect(onFile.audit == onServer.audit, "seed \(seed)")
    }

    /// What a simulation leaves.
    private struct Outcome {
        var rounds: [RoundRecord]
        var balances: [AccountBalance]
        var audit: AuditReport
    }

    /// Blocks on five chains with a scheme each, 10,000 accounts of which some have fees of their own, orphans before and after maturity, blocks at once,
    /// restarts in between; after every step all books together are nothing, and regularly every one is what a second set of books says.
    @discardableResult
    private func simulate(_ folder: DataFolder, store: String? = nil, blocks: Int, seed: UInt64) throws -> Outcome {
        var random = SeededGenerator(seed: seed)
        let clock = TestClock(1_700_000_000_000)
        let settings = folder.settings {
            if let store { $0.store = store }
            $0.time = clock.source
            $0.chains = Self.chains
        }
        var ledger = try Ledger(settings)
        var oracle = BookOracle(terms: Dictionary(uniqueKeysWithValues: Self.chains.map { ($0.chain, $0) }))
        var open: [String] = []
        var finder = ""
        for number in 1...blocks {
            if number % 250 == 0 {
                try ledger.close()
                ledger = try Ledger(settings)
            }
            if number % 10 == 1 { try setFee(ledger, &oracle, &random) }
            if number % 40 == 1 { try setPay(ledger, &oracle, &random) }
            clock.pass(milliseconds: .random(in: 0...90_000, using: &random))
            // Now and then two blocks come with no share between them.
            if number == 1 || Int.random(in: 0..<8, using: &random) > 0 {
                finder = try work(ledger, &oracle, at: clock.source.wall(), &random)
            }
            let chain = Self.chains[Int.random(in: 0..<5, using: &random)].chain
            let hash = "hash\(number)"
            let reward = UInt128.random(in: 1...(1 << (chain == "rootstock" ? 80 : 33)), using: &random)
            let network = UInt128.random(in: 1...(1 << 76), using: &random)
            try ledger.recordBlock(
                FoundBlock(
                    chain: chain,
                    height: Int64(number),
                    hash: hash,
                    worker: ledger.workers.handle(account: finder, worker: ""),
                    time: clock.source.wall(),
                    reward: reward,
                    networkWeight: network
                )
            )
            if Int.random(in: 0..<20, using: &random) == 0 {
                try ledger.updateBlock(chain: chain, hash: hash, .init(state: .rejected))
                continue
            }
            try ledger.updateBlock(chain: chain, hash: hash, .init(state: .accepted))
            try ledger.settleRounds()
            oracle.take(hash, chain: chain, reward: reward, network: network, finder: finder)
            open.append(hash)
            try balance(ledger, chain)
            while open.count > 12 { try end(open.remove(at: .random(in: 0..<8, using: &random)), ledger, &oracle, &random) }
            if number % 25 == 0 {
                try ledger.creditShares()
                for terms in Self.chains where terms.scheme.paysPerShare {
                    oracle.credit(terms.chain)
                    try balance(ledger, terms.chain)
                }
            }
            if number % 100 == 0 { try compare(ledger, oracle) }
        }
        try compare(ledger, oracle)
        let report = try ledger.audit()
        #expect(report.difference == nil, "seed \(seed)")
        #expect(report.rounds > blocks * 9 / 10)
        let outcome = Outcome(rounds: try ledger.rounds(limit: 10_000), balances: try ledger.balances(), audit: report)
        try ledger.close()
        return outcome
    }

    /// Shares of some of the 10,000 accounts; who found the block.
    private func work(
        _ ledger: Ledger,
        _ oracle: inout BookOracle,
        at time: Int64,
        _ random: inout SeededGenerator
    ) throws -> String {
        var entries: [ShareEntry] = []
        var finder = ""
        for _ in 0..<Int.random(in: 1...20, using: &random) {
            finder = "account\(Int.random(in: 0..<10_000, using: &random))"
            let weight = UInt128.random(in: 1...(1 << 72), using: &random)
            entries.append(.accepted(try #require(ledger.workers.handle(account: finder, worker: "")), weight: weight))
            oracle.work(finder, weight, minute: time / 60_000)
        }
        try ledger.append(entries)
        return finder
    }

    private func setFee(_ ledger: Ledger, _ oracle: inout BookOracle, _ random: inout SeededGenerator) throws {
        let (chain, account) = (Self.chains[Int.random(in: 0..<5, using: &random)].chain, "account\(Int.random(in: 0..<200, using: &random))")
        let fee = Bool.random(using: &random) ? PartsPerMillion(millionths: .random(in: 0...1_000_000, using: &random)) : nil
        try ledger.setFee(fee, account: account, chain: chain)
        oracle.fees[chain, default: [:]][account] = fee
    }

    private func setPay(_ ledger: Ledger, _ oracle: inout BookOracle, _ random: inout SeededGenerator) throws {
        for terms in Self.chains where terms.scheme.paysPerShare {
            let (reward, network) = (UInt128.random(in: 1...(1 << 40), using: &random), UInt128.random(in: 1...(1 << 76), using: &random))
            try ledger.setPay(chain: terms.chain, reward: reward, networkWeight: network)
            oracle.credit(terms.chain)
            oracle.rates[terms.chain] = PerShareRate(reward: reward, networkWeight: network)
        }
    }

    /// A block matures, is orphaned, or both, one after the other.
    private func end(
        _ hash: String,
        _ ledger: Ledger,
        _ oracle: inout BookOracle,
        _ random: inout SeededGenerator
    ) throws {
        guard let chain = oracle.blocks[hash]?.chain else { return }
        let fates: [[BlockState]] = [[.confirmed], [.confirmed], [.orphaned], [.confirmed, .orphaned], [.orphaned, .confirmed]]
        for state in fates[Int.random(in: 0..<5, using: &random)] {
            try ledger.updateBlock(chain: chain, hash: hash, .init(state: state))
            try ledger.settleRounds()
            oracle.news(hash, state)
            try balance(ledger, chain)
        }
    }

    /// All books of a chain together are nothing.
    private func balance(_ ledger: Ledger, _ chain: String) throws {
        let sum = try ledger.store.read { database throws(LedgerError) in
            try database.first(
                """
                SELECT sum(into0), sum(into1), sum(into2), sum(out0), sum(out1), sum(out2)
                FROM balance b JOIN chain c ON c.id = b.chain WHERE c.name = $1
                """,
                [.text(chain)]
            ) { row throws(LedgerError) in try LedgerStore.balance(row, 0) }
        }
        #expect(sum == 0)
    }

    private func compare(_ ledger: Ledger, _ oracle: BookOracle) throws {
        var found: [String] = []
        for balance in try ledger.balances() {
            let amounts = [balance.reward, balance.immature, balance.payable]
            if amounts.contains(where: { $0 != 0 }) { found.append("\(balance.chain) \(balance.account) \(amounts)") }
        }
        var wanted: [String] = []
        for (chain, accounts) in oracle.balances {
            for (account, kinds) in accounts {
                let amounts: [Int128] = [kinds[.reward, default: 0], kinds[.immature, default: 0], kinds[.payable, default: 0]]
                if amounts.contains(where: { $0 != 0 }) { wanted.append("\(chain) \(account) \(amounts)") }
            }
        }
        #expect(found.sorted() == wanted.sorted())
    }

    @Test func aForgedBookIsFound() throws {
        let forgeries: [(String, String)] = [
            ("UPDATE booking SET amount0 = amount0 + 1 WHERE position = 1", "round 1 of bitcoin: "),
            ("UPDATE balance SET into0 = into0 + 1 WHERE kind = 'immature' AND account = 3", "balance on bitcoin: immature of "),
            (
                "UPDATE round_row SET weight0 = weight0 + 1 WHERE account = (SELECT min(account) FROM round_row)",
                "round 1 of bitcoin: its rows do not"
            ),
            ("UPDATE round SET reward0 = reward0 + 1", "round 1 of bitcoin: "),
            ("UPDATE round SET state = 'reversed'", "round 1 of bitcoin: "),
        ]
        for (forgery, text) in forgeries {
            let folder = try DataFolder()
            let ledger = try Ledger(folder.settings { $0.chains = [ChainTerms(chain: Ledger.parentChain)] })
            for account in ["a", "b", "c"] {
                try ledger.append([.accepted(try #require(ledger.workers.handle(account: account, worker: "")), weight: 1_000)])
            }
            try ledger.recordBlock(
                FoundBlock(chain: Ledger.parentChain, height: 1, hash: "h", worker: nil, time: 1, state: .accepted, reward: 100, networkWeight: 5_000)
            )
            try ledger.settleRounds()
            #expect(try ledger.audit().isClean)
            try ledger.store.write { database, _ throws(LedgerError) in try database.execute(forgery) }
            let difference = try ledger.audit().difference
            #expect(difference?.hasPrefix(text) == true, "\(forgery): \(difference ?? "-")")
        }
    }

    @Test func roundsShowTheirWeightAndProveTheirRows() throws {
        let folder = try DataFolder()
        let ledger = try Ledger(folder.settings { $0.chains = [ChainTerms(chain: Ledger.parentChain, scheme: .prop)] })
        for (number, accounts) in [["a", "b"], ["b", "c", "c"]].enumerated() {
            for account in accounts {
                try ledger.append([.accepted(try #require(ledger.workers.handle(account: account, worker: "")), weight: 500)])
            }
            try ledger.recordBlock(
                FoundBlock(
                    chain: Ledger.parentChain,
                    height: Int64(number),
                    hash: "h\(number)",
                    worker: nil,
                    time: 1,
                    state: .accepted,
                    reward: 100,
                    networkWeight: 1_000
                )
            )
            try ledger.settleRounds()
        }
        let rounds = try ledger.rounds()
        #expect(rounds.map(\.number) == [2, 1])
        #expect(rounds.map(\.effort) == [1.5, 1])
        #expect(rounds.map(\.state) == [.immature, .immature])
        let proof = try #require(try ledger.proof(chain: Ledger.parentChain, round: 2, account: "c"))
        #expect(proof.weight == 1_000)
        #expect(proof.total == 1_500)
        #expect(proof.root == rounds[0].root)
        try proof.verify()
        #expect(try ledger.proof(chain: Ledger.parentChain, round: 2, account: "a") == nil)
        #expect(try ledger.proof(chain: Ledger.parentChain, round: 3, account: "c") == nil)
        let parts = try ledger.balances(account: "c").map(\.immature)
        #expect(parts == [67])
    }

    @Test func payPerShareStopsAtTheFloor() throws {
        let folder = try DataFolder()
        let ledger = try Ledger(folder.settings { $0.chains = [ChainTerms(chain: Ledger.parentChain, scheme: .pps, floor: -150)] })
        let worker = try #require(ledger.workers.handle(account: "a", worker: ""))
        try ledger.setPay(chain: Ledger.parentChain, reward: 1_000, networkWeight: 10)
        try ledger.append([.accepted(worker, weight: 1)])
        #expect(try ledger.creditShares())
        try ledger.append([.accepted(worker, weight: 1)])
        #expect(try ledger.creditShares() == false)
        #expect(try ledger.setPay(chain: Ledger.parentChain, reward: 1, networkWeight: 10) == false)
        #expect(try ledger.balances(account: "a").map(\.payable) == [100])
        // A block of the pool's own brings the money.
        try ledger.recordBlock(
            FoundBlock(chain: Ledger.parentChain, height: 1, hash: "h", worker: worker, time: 1, state: .confirmed, reward: 1_000, networkWeight: 10)
        )
        try ledger.settleRounds()
        #expect(try ledger.creditShares())
        #expect(try ledger.balances(account: "a").map(\.payable) == [200])
        #expect(try ledger.balances(account: "").map(\.payable) == [800])
        #expect(try ledger.audit().isClean)
    }

    @Test func aSchemeHoldsFromWhenItIsSet() throws {
        let folder = try DataFolder()
        let before = try Ledger(folder.settings { $0.chains = [ChainTerms(chain: Ledger.parentChain, scheme: .pps, floor: -1_000)] })
        try before.setPay(chain: Ledger.parentChain, reward: 100, networkWeight: 10)
        try before.append([.accepted(try #require(before.workers.handle(account: "a", worker: "")), weight: 5)])
        try before.close()
        // What was worked under PPS is paid so; the first round under PROP has only what came after, on a new chain, too.
        let crashed = try folder.afterCrash()
        let after = try Ledger(
            crashed.settings { $0.chains = [ChainTerms(chain: Ledger.parentChain, scheme: .prop), ChainTerms(chain: "new", scheme: .prop)] }
        )
        #expect(try after.balances(account: "a").map(\.payable) == [50])
        #expect(try after.weightSinceLastBlock(chain: "new") == 0)
        try after.append([.accepted(try #require(after.workers.handle(account: "b", worker: "")), weight: 1)])
        for chain in [Ledger.parentChain, "new"] {
            try after.recordBlock(
                FoundBlock(chain: chain, height: 1, hash: "h", worker: nil, time: 1, state: .accepted, reward: 10, networkWeight: 10)
            )
        }
        try after.settleRounds()
        #expect(try after.balances(account: "b").map(\.immature) == [10, 10])
        #expect(try after.balances(account: "a").map(\.immature) == [0])
        #expect(try after.audit().isClean)
    }
}
