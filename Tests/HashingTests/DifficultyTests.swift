import Foundation
import Hashing
import Randomness
import Testing

@Suite struct DifficultyTests {
    /// t · d ≤ 0xFFFF · 2^208 < (t + 1) · d, in whole numbers.
    private func expectExact(_ difficulty: Double, sourceLocation: SourceLocation = #_sourceLocation) {
        let target = Target(difficulty: difficulty)
        let significand = Natural(UInt64(difficulty.significand * 0x1p52))
        let exponent = Int(difficulty.exponent) - 52
        let one = Natural(0xffff as UInt32) << (208 + Swift.max(0, -exponent))
        let low = (Natural(target.value) * significand) << Swift.max(0, exponent)
        let high = ((Natural(target.value) + Natural(1 as UInt8)) * significand) << Swift.max(0, exponent)
        if target.value != .one { #expect(low <= one, "\(difficulty)", sourceLocation: sourceLocation) }
        if target.value != .max { #expect(one < high, "\(difficulty)", sourceLocation: sourceLocation) }
    }

    @Test func everyTargetIsTheExactQuotient() {
        for difficulty in [1, 2, 3, 0.5, 0.1, 1e-3, 16383.75, 318.40, 1e-9, 2.3e-10, 2.4e-10, 1e15, 1e40, 1e63, 5e67, 1e100, 65535, 65536] {
            expectExact(difficulty)
            expectExact(difficulty.nextUp)
            expectExact(difficulty.nextDown)
        }
        var random = SeededGenerator(seed: 6)
        for _ in 0..<2000 { expectExact(Double.random(in: 1..<2, using: &random) * pow(2, Double.random(in: -33...230, using: &random))) }
    }

    @Test func knownTargets() {
        #expect(Target(difficulty: 1) == .difficultyOne)
        #expect(Target(difficulty: 16383.75).value == UInt256(1 as UInt8) << 210)
        #expect(Target(difficulty: 3).value.hex == "0000000055550000000000000000000000000000000000000000000000000000")
        #expect(Target(difficulty: 0.1).value.hex == "00000009fff5ffffffffd80028000000009fff5ffffffffd80028000000009ff")
        #expect(Target(difficulty: 65535).value == UInt256(1 as UInt8) << 208)
    }

    @Test func theEndsAreClamped() {
        #expect(Target(difficulty: 2.3e-10) == .max)
        #expect(Target(difficulty: 2.33e-10) < .max)
        #expect(Target(difficulty: 1e-10) == .max)
        #expect(Target(difficulty: .leastNonzeroMagnitude) == .max)
        #expect(Target(difficulty: .leastNormalMagnitude) == .max)
        #expect(Target(difficulty: 0x1.fffep223).value == .one)
        #expect(Target(difficulty: 0x1.fffep223.nextUp).value == .one)
        #expect(Target(difficulty: 0x1.fffep222).value == UInt256(2 as UInt8))
        #expect(Target(difficulty: .greatestFiniteMagnitude).value == .one)
        #expect(Target(difficulty: .infinity).value == .one)
    }

    @Test func everyHashIsAShareBelowTheEdge() {
        // The edge is 0xFFFF · 2^208 / 2^256 exactly: there the quotient is 2^256, one too many.
        let edge = 0x1.fffep-33
        #expect(Target(difficulty: edge) == .max)
        #expect(Target(difficulty: edge.nextUp) < .max)
    }

    @Test func targetsGiveTheirDifficultyBack() {
        #expect(Target.difficultyOne.difficulty == 1)
        #expect(Target(value: .zero).difficulty == .infinity)
        #expect(Target.max.difficulty == 0x1.fffep-33)
        #expect(Target(bits: CompactBits(rawValue: 0x1b04_04cb))?.difficulty == 16307.420938523983)
        var random = SeededGenerator(seed: 7)
        for _ in 0..<5000 {
            let difficulty = Double.random(in: 1..<2, using: &random) * pow(2, Double.random(in: -32...169, using: &random))
            #expect(Target(difficulty: difficulty).difficulty == difficulty)
        }
    }

    @Test func hashesShowTheirDifficulty() {
        #expect(Hash256(number: .zero).difficulty == 0x1.fffep223)
        #expect(Hash256(number: Target.difficultyOne.value).difficulty == 1)
        var random = SeededGenerator(seed: 8)
        for _ in 0..<5000 {
            let number = random.number() >> Int.random(in: 0..<255, using: &random)
            let exact = Target(value: Swift.max(number, .one)).difficulty
            #expect(abs(Hash256(number: number).difficulty - exact) <= exact.ulp)
        }
    }
}
