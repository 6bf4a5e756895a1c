import Testing

@testable import Accounting

@Suite("Rewards are divided to the unit")
struct RewardTests {
    @Test(
        arguments: [
            (10, [1, 1, 1], [4, 3, 3]),
            (100, [1, 2, 3], [17, 33, 50]),
            (1, [5, 5], [1, 0]),
            (7, [0, 0], [0, 0]),
            (7, [], []),
            (0, [3, 4], [0, 0]),
            (3, [1, 1, 1, 1], [1, 1, 1, 0]),
            // The textbook case: quotas 1.5, 2.5, 6.0 of ten seats leave one seat for equal remainders, and the first has it.
            (10, [15, 25, 60], [2, 2, 6]),
        ] as [(UInt128, [UInt128], [UInt128])]
    )
    func byLargestRemainder(amount: UInt128, weights: [UInt128], parts: [UInt128]) {
        #expect(Apportionment.divide(amount, by: weights) == parts)
    }

    @Test func apportionmentIsExactAndFair() {
        for _ in 0..<2_000 {
            let scale = UInt128.random(in: 0...96)
            let weights = (0..<Int.random(in: 1...60)).map { _ in UInt128.random(in: 0...(1 << scale)) }
            let amount = UInt128.random(in: 0...(1 << UInt128.random(in: 0...90)))
            let parts = Apportionment.divide(amount, by: weights)
            let total = weights.reduce(0, +)
            #expect(parts.reduce(0, +) == (total == 0 ? 0 : amount))
            guard total > 0 else { continue }
            for (part, weight) in zip(parts, weights) {
                let (floor, remainder) = total.dividingFullWidth(amount.multipliedFullWidth(by: weight))
                #expect(part == floor || (part == floor + 1 && remainder > 0))
            }
        }
    }

    @Test func creditsAndFeeMakeTheReward() {
        for _ in 0..<500 {
            let rows = (0..<Int.random(in: 0...40)).map {
                RoundRow(account: "a\($0)", weight: .random(in: 0...(1 << 90)), fee: PartsPerMillion(millionths: .random(in: 0...1_000_000)))
            }
            let reward = UInt128.random(in: 0...(1 << 80))
            let result = BlockReward(reward, rows: rows)
            #expect(result.credits.reduce(0, +) + result.fee == reward)
            #expect(result.credits.count == rows.count)
        }
        let rows = [RoundRow(account: "a", weight: 3, fee: .none), RoundRow(account: "b", weight: 1, fee: .init(millionths: 20_000))]
        let result = BlockReward(312_500_000, rows: rows)
        #expect(result.credits == [234_375_000, 76_562_500])
        #expect(result.fee == 1_562_500)
    }

    @Test func lastSharesCutTheOldestWindow() {
        let windows: [AccountWeights] = [["a": 10, "b": 20], ["b": 30], ["a": 7, "c": 3], ["d": 1_000]]
        #expect(LastShares.weights(windows, wanted: 65) == ["a": 14, "b": 50, "c": 1])
        #expect(LastShares.weights(windows, wanted: 60) == ["a": 10, "b": 50])
        #expect(LastShares.weights(windows, wanted: 5_000) == ["a": 17, "b": 50, "c": 3, "d": 1_000])
        #expect(LastShares.weights(windows, wanted: 0) == [:])
    }

    @Test func partsPerMillion() {
        #expect(PartsPerMillion(0.01)?.millionths == 10_000)
        #expect(PartsPerMillion(2)?.of(1 << 80) == 1 << 81)
        #expect(PartsPerMillion(0.000_000_4)?.millionths == 0)
        for number in [-0.1, .nan, .infinity, 1_001] { #expect(PartsPerMillion(number) == nil) }
    }
}

@Suite("Pay per share")
struct PerShareTests {
    /// (reward, network weight) of mainnet in satoshi, regtest, and RSK in wei on mainnet and regtest.
    static let chains: [(UInt128, UInt128)] = [
        (312_500_000, 1 << 79), (5_000_000_000, 2), (60_000_000_000_000_000, 1 << 70), (1 << 95, 1), (1, 1 << 126),
    ]

    @Test(arguments: chains) func smallSharesEarnAsMuchAsOneLargeOne(reward: UInt128, network: UInt128) throws {
        let rate = try #require(PerShareRate(reward: reward, networkWeight: network))
        let fee = PartsPerMillion(millionths: 12_345)
        let share = max(1, network / 4_099)
        var carry = PerShareRate.Carry.none
        var earned: UInt128 = 0
        for _ in 0..<1_000 {
            let paid = try #require(rate.pay(share, fee: fee, carry: carry))
            earned += paid.amount
            carry = paid.carry
        }
        let atOnce = try #require(rate.pay(share * 1_000, fee: fee, carry: .none))
        #expect(earned == atOnce.amount)
        #expect(carry == atOnce.carry)
    }

    @Test(arguments: chains) func aBlocksWorthOfWeightEarnsTheReward(reward: UInt128, network: UInt128) throws {
        let rate = try #require(PerShareRate(reward: reward, networkWeight: network))
        let paid = try #require(rate.pay(network, fee: .none, carry: .none))
        #expect(paid.amount <= reward)
        // The price is rounded down once: for a whole block that is less than one unit in 2^40.
        #expect(reward - paid.amount <= 1 + reward >> 40)
    }

    @Test func ratesChangeWithoutLosingTheCarry() throws {
        let first = try #require(PerShareRate(reward: 10, networkWeight: 3))
        let second = try #require(PerShareRate(reward: 20, networkWeight: 3))
        let a = try #require(first.pay(1, fee: .none, carry: .none))
        let b = try #require(second.pay(1, fee: .none, carry: a.carry))
        // 3⅓ and 6⅔ are ten, less what rounding the two prices down took.
        #expect(a.amount == 3)
        #expect(b.amount == 6)
        #expect(PerShareRate.Carry.parts - b.carry.numerator < PerShareRate.Carry.parts >> 60)
    }

    @Test func absurdNumbersAreRefused() {
        #expect(PerShareRate(reward: 0, networkWeight: 1) == nil)
        #expect(PerShareRate(reward: 1, networkWeight: 0) == nil)
        #expect(PerShareRate(reward: 1 << 96, networkWeight: 1) == nil)
        #expect(PerShareRate(reward: 1 << 95, networkWeight: 1)?.pay(1 << 100, fee: .none, carry: .none) == nil)
    }

    @Test func feeAverageOfTheLastBlocks() {
        var average = FeeAverage(count: 3)
        #expect(average.value == 0)
        for fee in [100, 1, 2, 4] as [UInt128] { average.add(fee) }
        #expect(average.value == 2)
    }
}

@Suite("Inclusion proofs")
struct WeightTreeTests {
    @Test(arguments: [1, 2, 3, 4, 5, 7, 8, 9, 33]) func everyRowIsProvenAndNothingElse(count: Int) throws {
        let rows = (0..<count).map { (account: "account\($0 * 13 % count)", weight: UInt128.random(in: 0...(1 << 90))) }
        let tree = WeightTree(rows)
        #expect(tree.total == rows.map(\.weight).reduce(0, +))
        #expect(WeightTree(rows.shuffled()).root == tree.root)
        for row in rows {
            let (weight, path) = try #require(tree.proof(of: row.account))
            let proof = InclusionProof(chain: "c", round: 1, account: row.account, weight: weight, total: tree.total, root: tree.root, path: path)
            #expect(weight == row.weight)
            try proof.verify()
            var altered = proof
            altered.weight += 1
            #expect(throws: InclusionProof.Fault.self) { try altered.verify() }
            altered = proof
            altered.weight += 1
            altered.total += 1
            #expect(throws: InclusionProof.Fault.wrongRoot) { try altered.verify() }
            altered = proof
            altered.account += "x"
            #expect(throws: InclusionProof.Fault.wrongRoot) { try altered.verify() }
            for index in path.indices {
                altered = proof
                altered.path[index].isLeft.toggle()
                #expect(throws: InclusionProof.Fault.wrongRoot) { try altered.verify() }
                altered = proof
                altered.path[index].hash[3] ^= 1
                #expect(throws: InclusionProof.Fault.wrongRoot) { try altered.verify() }
                altered = proof
                altered.path[index].sum = .max
                #expect(throws: InclusionProof.Fault.self) { try altered.verify() }
            }
        }
        #expect(tree.proof(of: "nobody") == nil)
    }

    /// SHA-256 of the layouts in the tree's description, by Python's hashlib.
    @Test func theRootIsAsDescribed() {
        let rows: [(account: String, weight: UInt128)] = [("alice", 5), ("bob", 1 << 70), ("carol", 0)]
        #expect(
            WeightTree(rows).root.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
                == "4777d6b04a8ee8363cf9812bbbdd8ec570d22acd14386b78cb084a03ec3ab829"
        )
        #expect(WeightTree([]).root == [UInt8](repeating: 0, count: 32))
    }
}
