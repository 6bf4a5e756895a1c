import Testing

@testable import Accounting

@Suite("Hashrates")
struct RateTests {
    /// Shares at random times against a plain sum over all of them, whose oldest bucket counts by the part inside the window.
    @Test(arguments: HashrateWindow.allCases) func agreeWithAPlainSum(window: HashrateWindow) {
        var random = SystemRandomNumberGenerator()
        var tiers = RateTiers()
        var shares: [(time: Int64, weight: Double)] = []
        let first: Int64 = 1_700_000_000_000
        var now = first
        for step in 0..<3_000 {
            now += .random(in: 0...(step % 100 == 0 ? 40_000_000 : 600_000), using: &random)
            let weight = Double(Int.random(in: 1...1_000, using: &random))
            tiers.add(weight, at: .init(now))
            shares.append((now, weight))
            guard step % 50 == 0 else { continue }
            let length = window.tier.length * 1000
            let seen = now + .random(in: 0...90_000, using: &random)
            let start = seen / length - Int64(window.seconds) * 1000 / length
            let inside = shares.reduce(0.0) { sum, share in
                let bucket = share.time / length
                if bucket > start { return sum + share.weight }
                // Work of the oldest bucket is taken as even from its start, or from the first share when that was later.
                let (begin, end) = (max(start * length, first), (start + 1) * length)
                let part = Double(end - max(begin, seen - Int64(window.seconds) * 1000)) / Double(end - begin)
                return bucket == start ? sum + share.weight * part : sum
            }
            let expected = inside / min(Double(window.seconds), max(10, Double(seen - first) / 1000))
            let rate = tiers.rate(window, at: seen, since: first)
            #expect(abs(rate - expected) <= 1e-6 * max(1, expected))
        }
    }

    @Test func steadyWorkShowsItsRateFromTheFirstMinute() {
        var tiers = RateTiers()
        let first: Int64 = 1_700_000_012_345
        for second in 0..<4_000 {
            tiers.add(1_000, at: .init(first + Int64(second) * 1000))
            guard second >= 30 else { continue }
            let now = first + Int64(second) * 1000 + 999
            for window in HashrateWindow.allCases {
                #expect(abs(tiers.rate(window, at: now, since: first) - 1_000) < 60, "\(window) at \(second)")
            }
        }
    }
}

@Suite("Ledger time")
struct ClockTests {
    @Test func neverGoesBackAndCatchesUp() {
        var clock = LedgerClock(last: 5_000, wall: 1_000, monotonic: 0)
        #expect(clock.time == 5_000)
        var before: Int64 = 5_000
        for step in 1...100_000 as ClosedRange<Int64> {
            let time = clock.advance(wall: 1_000 + step, monotonic: step)
            #expect(time >= before)
            before = time
        }
        #expect(before == 101_000)
    }

    @Test func followsAStepForward() {
        var clock = LedgerClock(last: 0, wall: 1_000, monotonic: 0)
        #expect(clock.advance(wall: 900_000, monotonic: 1) == 900_000)
        #expect(clock.advance(wall: 2_000, monotonic: 1_001) == 900_900)
    }
}
