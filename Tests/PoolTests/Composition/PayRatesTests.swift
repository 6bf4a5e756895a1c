import Accounting
import Bitcoin
import Testing

@testable import Pool

@Suite("What pay per share pays")
struct PayRatesTests {
    private func offer(_ height: Int64, subsidy: UInt128 = 5_000, fees: UInt128 = 0, weight: UInt128 = 1_000) -> PayRates.Offer {
        PayRates.Offer(height: height, subsidy: subsidy, fees: fees, networkWeight: weight)
    }

    @Test func subsidyAndDifficultyHoldAtOnceAndFeesByThePeriod() {
        var rates = PayRates(isParent: true, isWithFees: true, feeBlocks: 2, publishedFees: nil)
        // Before the first block the fees on offer have to do.
        #expect(rates.take(offer(1, fees: 100), isDue: true) == .init(reward: 5_100, networkWeight: 1_000))
        #expect(rates.take(offer(1, fees: 300), isDue: false) == nil)
        // The last offer of a height is what its block held.
        #expect(rates.take(offer(2, fees: 9_999), isDue: false) == nil)
        #expect(rates.fees == 300)
        #expect(rates.take(offer(2, fees: 500), isDue: true) == .init(reward: 5_300, networkWeight: 1_000))
        #expect(rates.take(offer(3, fees: 0, weight: 2_000), isDue: false) == .init(reward: 5_400, networkWeight: 2_000))
        #expect(rates.take(offer(4, subsidy: 2_500, fees: 0, weight: 2_000), isDue: false) == .init(reward: 2_750, networkWeight: 2_000))
    }

    @Test func withoutFeesTheyCountNothing() {
        var rates = PayRates(isParent: true, isWithFees: false, feeBlocks: 2, publishedFees: nil)
        #expect(rates.take(offer(1, fees: 100), isDue: true) == .init(reward: 5_000, networkWeight: 1_000))
        #expect(rates.take(offer(2, fees: 900), isDue: true) == nil)
    }

    @Test func aRestartGoesOnWithTheAverage() {
        var rates = PayRates(isParent: true, isWithFees: true, feeBlocks: 4, publishedFees: 400)
        #expect(rates.take(offer(7, fees: 8_000), isDue: true) == .init(reward: 5_400, networkWeight: 1_000))
        _ = rates.take(offer(8), isDue: false)
        #expect(rates.fees == (3 * 400 + 8_000) / 4)
    }

    @Test func anAuxiliaryChainMovesByThePeriod() {
        var rates = PayRates(isParent: false, isWithFees: false, feeBlocks: 1, publishedFees: nil)
        #expect(rates.take(offer(1), isDue: false) != nil)
        #expect(rates.take(offer(2, subsidy: 6_000, weight: 7), isDue: false) == nil)
        #expect(rates.take(offer(2, subsidy: 6_000, weight: 7), isDue: true) == .init(reward: 6_000, networkWeight: 7))
    }

    @Test(arguments: [0, 1, 10_000, 333_333, 1_000_000] as [UInt64])
    func aSoloCoinbaseIsDividedAsTheLedgerDoes(millionths: UInt64) {
        let (own, pool) = (Script.payToWitness(version: 0, program: [UInt8](repeating: 1, count: 20)), JobFixture.payout)
        for value in [0, 1, 99, 312_500_007, 2_100_000_000_000_000] as [Int64] {
            let outputs = CoinbaseSplit(account: own, fee: PartsPerMillion(millionths: millionths)).outputs(of: value, pool: pool)
            #expect(outputs.reduce(0) { $0 + $1.value } == value)
            #expect(outputs.allSatisfy { $0.value > 0 })
            let fee = outputs.first { $0.script == pool }?.value ?? 0
            #expect(fee == value / 1_000_000 * Int64(millionths) + value % 1_000_000 * Int64(millionths) / 1_000_000)
        }
    }
}
