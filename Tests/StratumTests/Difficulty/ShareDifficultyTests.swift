import Hashing
import Randomness
import Testing

@testable import Stratum

@Suite("Share difficulties are judged as printed")
struct ShareDifficultyTests {
    @Test(arguments: [
        (1024.0, "1024"), (1, "1"), (16383.75, "16383.75"), (0.5, "0.5"), (0.00015, "0.00015"), (1e-10, "0.0000000001"),
        (1.5e-10, "0.00000000015"), (2.3e-10, "0.00000000023"), (1e16, "10000000000000000"), (1.25e17, "125000000000000000"),
        (1e22, "10000000000000000000000"),
        (123_456_789.0, "123456789"),
    ])
    func text(value: Double, text: String) throws {
        #expect(try #require(ShareDifficulty(value)).text == text)
    }

    @Test("The text reads back as the same double and has no exponent")
    func roundTrip() throws {
        var generator = SeededGenerator(seed: 1)
        for _ in 0..<20_000 {
            let value =
                Double.random(in: 1..<10, using: &generator) * [1e-40, 1e-12, 1e-7, 1e-3, 1, 1e3, 1e9, 1e15, 1e18, 1e40].randomElement(
                    using: &generator
                )!
            let text = try #require(ShareDifficulty(value)).text
            #expect(!text.contains("e"))
            #expect(Double(text) == value)
        }
    }

    @Test(arguments: [
        (1024.9, 1024.0, 1025.0), (1.0, 1, 1), (1.5, 1, 2), (0.123_456_78, 0.123_456, 0.123_457), (0.000_15, 0.000_15, 0.000_15),
        (0.001, 0.001, 0.001), (1e-11, 1e-11, 1e-11), (3e-12, 3e-12, 3e-12),
        (0, 1e-12, 1e-12), (-.infinity, 1e-12, 1e-12), (.infinity, 1e30, 1e30), (.nan, 1, 1),
    ])
    func rounding(wish: Double, down: Double, up: Double) {
        #expect(ShareDifficulty(atMost: wish).value == down)
        #expect(ShareDifficulty(atLeast: wish).value == up)
    }

    @Test("What is no difficulty", arguments: [0, -1, Double.infinity, -.infinity, .nan])
    func refused(value: Double) {
        #expect(ShareDifficulty(value) == nil)
    }

    @Test("A job's bound is never harder than its target, and as hard as its print allows")
    func bound() {
        var generator = SeededGenerator(seed: 2)
        var targets = [Target.max, .difficultyOne, Target(value: .one)]
        for _ in 0..<2_000 {
            let number = UInt256(high: .random(in: 0...(.max), using: &generator), low: .random(in: 0...(.max), using: &generator))
            targets.append(Target(value: number >> Int.random(in: 0..<160, using: &generator)))
        }
        for target in targets {
            let difficulty = ShareDifficulty(noHarderThan: target)
            #expect(difficulty.target >= target)
            if difficulty.value >= 1 {
                #expect(difficulty.value == difficulty.value.rounded())
                if difficulty.value < 1e15 { #expect(Target(difficulty: difficulty.value + 1) < target) }
            } else {
                #expect(Target(difficulty: difficulty.value * (1 + 1e-14)) <= difficulty.target)
                #expect(difficulty.value >= target.difficulty * (1 - 1e-14))
            }
        }
    }

    /// The golden share's pool set difficulty 1 and below; the figures here follow from the definition alone.
    @Test func weights() throws {
        #expect(try #require(ShareDifficulty(1)).weight == 4_295_032_833)
        #expect(try #require(ShareDifficulty(1e-10)).weight == 1)
    }
}
