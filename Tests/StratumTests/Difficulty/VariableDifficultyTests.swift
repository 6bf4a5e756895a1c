import Randomness
import Testing

@testable import Stratum

@Suite("Variable difficulty")
struct VariableDifficultyTests {
    /// A miner of constant speed: finds shares by chance, is told of changes at the next job or at once.
    private struct Run {
        var difficulty: VariableDifficulty
        var told: Double
        var now: Int64 = 0
        var shares = 0
        var changes = 0
        private var generator: SeededGenerator

        init(start: Double, perMinute: Double = 12, seed: UInt64 = 3) {
            difficulty = VariableDifficulty(start: start, sharesPerMinute: perMinute, at: 0)
            told = start
            generator = SeededGenerator(seed: seed)
        }

        private mutating func take(_ change: VariableDifficulty.Change) {
            guard change != .none else { return }
            changes += 1
            if change == .now { told = difficulty.difficulty }
        }

        /// - Parameter speed: difficulty per second: a miner of 1 finds one share of difficulty 1 a second.
        mutating func mine(speed: Double, seconds: Int) {
            for _ in 0..<seconds {
                for part in 0..<10 {
                    now += 100
                    // Up to a hundred shares in a tenth of a second, then the wire is full.
                    var left = 0.1 * speed / told
                    var found = 0
                    while found < 100, Double.random(in: 0..<1, using: &generator) < left {
                        left -= 1
                        found += 1
                        shares += 1
                        let at = told
                        take(difficulty.record(shareOf: at, at: now))
                        if told != at { break }
                    }
                    if part == 0 { take(difficulty.silence(at: now)) }
                }
                // Jobs come every 30 s.
                if now % 30_000 == 0 { told = difficulty.difficulty }
            }
        }
    }

    @Test(
        "Settles near the wished rate, whatever the miner's speed",
        arguments: [(1e-3, 20.0), (1e-3, 1e6), (1, 1e-4), (1024, 1e-3), (1024, 200), (1e6, 1e3), (16_384, 5e8)]
    )
    func settles(start: Double, speed: Double) {
        var run = Run(start: start)
        run.mine(speed: speed, seconds: 1_200)
        let before = run.shares
        run.mine(speed: speed, seconds: 1_800)
        let perMinute = Double(run.shares - before) / 30
        #expect((6...22).contains(perMinute), "\(perMinute) shares a minute at \(run.told)")
    }

    @Test("A big miner on a small start is told within seconds and not flooded")
    func quickStart() {
        var run = Run(start: 1)
        run.mine(speed: 1e6, seconds: 30)
        #expect(run.told > 1e5)
        #expect(run.shares < 300)
    }

    @Test("A small miner on a large start finds its share within minutes")
    func silence() {
        var run = Run(start: 1024)
        run.mine(speed: 1e-4, seconds: 600)
        #expect(run.told < 0.01)
        #expect(run.shares > 0)
    }

    @Test("A steady miner is left alone")
    func steady() {
        var run = Run(start: 100)
        run.mine(speed: 20, seconds: 4 * 3_600)
        #expect(run.changes < 12, "\(run.changes) changes in four hours")
    }

    @Test("Shares that waited for a stalled line are no faster miner")
    func burst() {
        var run = Run(start: 100)
        run.mine(speed: 20, seconds: 1_200)
        let before = run.difficulty.difficulty
        run.now += 25_000
        for _ in 0..<5 { _ = run.difficulty.record(shareOf: before, at: run.now) }
        for _ in 0..<20 { #expect(run.difficulty.record(shareOf: before, at: run.now) != .now) }
        #expect(run.difficulty.difficulty < 3 * before)
    }

    @Test("Clock steps, leaps and nonsense change nothing")
    func clock() {
        var run = Run(start: 100)
        run.mine(speed: 20, seconds: 600)
        let before = run.difficulty.difficulty
        #expect(run.difficulty.record(shareOf: 100, at: 5) == .none)
        #expect(run.difficulty.record(shareOf: 100, at: run.now + 1_000_000_000) == .none)
        #expect(run.difficulty.silence(at: 7) == .none)
        #expect(run.difficulty.record(shareOf: .nan, at: 8) == .none)
        #expect(run.difficulty.record(shareOf: .infinity, at: 8) == .none)
        #expect(run.difficulty.record(shareOf: -1, at: 8) == .none)
        run.difficulty.set(.nan, at: 9)
        #expect(run.difficulty.difficulty == before)
    }

    @Test("Time in which the loop read no socket is not silence")
    func unheard() {
        var difficulty = VariableDifficulty(start: 100, sharesPerMinute: 12, at: 0)
        #expect(difficulty.silence(at: 100_000, unheardUntil: 99_000) == .none)
        #expect(difficulty.silence(at: 100_000, unheardUntil: 0) == .now)
    }
}

@Suite("Wishes about difficulty")
struct DifficultyControlTests {
    @Test func fixedWins() throws {
        var control = DifficultyControl(settings: DifficultySettings(fixed: 1e-10), at: 0)
        #expect(control.suggest(5, at: 0) == .none)
        #expect(control.require(minimum: 5, at: 0).granted == false)
        for time in 1..<100 { #expect(control.record(shareOf: 1e-10, at: Int64(time)) == .none) }
        #expect(control.silence(at: 1_000_000, unheardUntil: 0) == .none)
        #expect(control.current == ShareDifficulty(1e-10))
    }

    @Test func suggestionsAreBounded() {
        var control = DifficultyControl(settings: DifficultySettings(start: 1024, minimum: 0.001, maximum: 5000), at: 0)
        #expect(control.current.value == 1024)
        #expect(control.suggest(0.00015, at: 0) == .now)
        #expect(control.current.value == 0.001)
        #expect(control.suggest(0.00015, at: 0) == .none)
        #expect(control.suggest(1e9, at: 0) == .now)
        #expect(control.current.value == 5000)
        #expect(control.suggest(16.5, at: 0) == .now)
        #expect(control.current.value == 16)
    }

    @Test func aMinimumHoldsAgainstSilence() {
        var control = DifficultyControl(settings: DifficultySettings(start: 64, minimum: 0.001, maximum: 5000), at: 0)
        #expect(control.require(minimum: 40.5, at: 0).granted)
        for step in 1..<50 { _ = control.silence(at: Int64(step) * 60_000, unheardUntil: 0) }
        #expect(control.current.value == 41)
        #expect(control.require(minimum: 6000, at: 0).granted == false)
    }

    @Test("Other settings of the listener hold at once for who is outside of them, and for the rate aimed at")
    func otherSettings() {
        var control = DifficultyControl(settings: DifficultySettings(start: 64, minimum: 1, sharesPerMinute: 60), at: 0)
        control.begin(at: 0)
        #expect(control.adopt(DifficultySettings(start: 512, minimum: 1, sharesPerMinute: 60), at: 0) == .none)
        #expect(control.current == ShareDifficulty(64), "the start is for those who come")
        #expect(control.adopt(DifficultySettings(minimum: 128, sharesPerMinute: 60), at: 0) == .now)
        #expect(control.current == ShareDifficulty(128))
        #expect(control.adopt(DifficultySettings(minimum: 1, maximum: 32, sharesPerMinute: 60), at: 0) == .now)
        #expect(control.current == ShareDifficulty(32))
        // One share a second was what was wished; now one in four seconds is, so the same miner works four times as hard a difficulty.
        #expect(control.adopt(DifficultySettings(minimum: 1, sharesPerMinute: 15), at: 0) == .none)
        for second in 1...600 { _ = control.record(shareOf: 32, at: Int64(second) * 1_000) }
        #expect((100...160).contains(control.current.value), "\(control.current.value)")
    }

    @Test func anOperatorsWordHoldsUntilTakenBack() {
        var control = DifficultyControl(settings: DifficultySettings(start: 64), at: 0)
        #expect(control.pin(500, at: 0) == .now)
        #expect(control.suggest(3, at: 0) == .none)
        #expect(control.current.value == 500)
        #expect(control.pin(nil, at: 0) == .none)
        #expect(control.suggest(3, at: 0) == .now)
        #expect(control.current.value == 3)
    }
}

@Suite("Each job's difficulty is remembered")
struct IssuedDifficultiesTests {
    private typealias Key = IssuedDifficulties.Key

    @Test("Agrees with a table of every job, as far back as it reaches")
    func oracle() throws {
        var generator = SeededGenerator(seed: 4)
        for _ in 0..<300 {
            var issued = IssuedDifficulties()
            var table: [(key: Key, difficulty: ShareDifficulty)] = []
            var sequence = UInt64.random(in: 0..<1_000, using: &generator)
            var difficulty = ShareDifficulty(atMost: 1)
            let first = sequence
            var changes = 0
            for _ in 0..<40 where changes < IssuedDifficulties.capacity - 1 {
                let changed = Int.random(in: 0..<4, using: &generator) == 0
                if changed { difficulty = ShareDifficulty(atMost: .random(in: 1..<1000, using: &generator)) }
                let variant: UInt8
                if changed, let last = table.last?.key, last.sequence == sequence, Bool.random(using: &generator) {
                    variant = last.variant + 1
                } else {
                    sequence += UInt64.random(in: 1...3, using: &generator)
                    variant = 0
                }
                if changed || table.isEmpty { changes += 1 }
                let key = Key(sequence: sequence, variant: variant)
                issued.issue(key, at: difficulty)
                table.append((key, difficulty))
            }
            for (key, difficulty) in table { #expect(issued.difficulty(of: key) == difficulty) }
            let keys = Set(table.map { $0.key.sequence << 8 | UInt64($0.key.variant) })
            for sequence in (table.first?.key.sequence ?? first)...sequence {
                for variant in UInt8(1)...6 where !keys.contains(sequence << 8 | UInt64(variant)) {
                    #expect(issued.difficulty(of: Key(sequence: sequence, variant: variant)) == nil)
                }
            }
            #expect(issued.difficulty(of: Key(sequence: sequence + 1, variant: 0)) == nil)
            #expect(issued.difficulty(of: Key(sequence: (table.first?.key.sequence ?? 1) &- 1, variant: 0)) == nil)
        }
    }

    @Test("Old changes are forgotten with their jobs")
    func forgets() {
        var issued = IssuedDifficulties()
        for sequence in 1...20 { issued.issue(Key(sequence: UInt64(sequence), variant: 0), at: ShareDifficulty(atMost: Double(sequence))) }
        #expect(issued.difficulty(of: Key(sequence: 20, variant: 0))?.value == 20)
        #expect(issued.difficulty(of: Key(sequence: UInt64(21 - IssuedDifficulties.capacity), variant: 0)) != nil)
        #expect(issued.difficulty(of: Key(sequence: UInt64(20 - IssuedDifficulties.capacity), variant: 0)) == nil)
    }
}
