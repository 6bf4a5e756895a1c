/// The least vector operations that a compression needs with an instruction set's means, before any memory or bookkeeping.
struct OperationCount {
    let additions, rotations, logic, shifts: Int

    var total: Int { additions + rotations + logic + shifts }

    /// What an instruction set needs for a rotation, a three-input exclusive or, a choice and a majority; one addition and one shift each.
    private struct Means {
        let rotation, xor3, choice, majority: Int
    }

    /// Nil where whole rounds are one instruction.
    init?(engine: String, _ parts: Parts = .compression) {
        let means: Means
        switch engine {
        case "avx512", "avx512vl": means = Means(rotation: 1, xor3: 1, choice: 1, majority: 1)
        case "neon": means = Means(rotation: 2, xor3: 2, choice: 1, majority: 2)
        case "scalar": means = Means(rotation: 1, xor3: 2, choice: 3, majority: 3)
        // The majority keeps one exclusive or from the round before.
        case "avx2", "sse4": means = Means(rotation: 3, xor3: 2, choice: 3, majority: 3)
        default: return nil
        }
        additions = 7 * parts.rounds + 3 * parts.words + parts.additions
        rotations = (6 * parts.rounds + 4 * parts.words + parts.rotations) * means.rotation
        shifts = 2 * parts.words + parts.shifts
        logic = (2 * parts.rounds + 2 * parts.words + parts.xors) * means.xor3 + parts.rounds * (means.choice + means.majority)
    }
}

extension OperationCount {
    /// What a piece of work is made of: whole rounds and schedule words, and operations by which it differs from them.
    struct Parts {
        var rounds = 0, words = 0
        var additions = 0, rotations = 0, shifts = 0, xors = 0

        /// One block: 64 rounds, 48 schedule words, the sum with the chaining value.
        static let compression = Parts(rounds: 64, words: 48, additions: 8)
        /// One block whose schedule is known: a round adds one word instead of two.
        static let knownBlock = Parts(rounds: 64, additions: 8 - 64)
        /// A block from the initial value whose second half is known. Round 0 is two additions, eight rounds add one word instead of two.
        /// Of the schedule words 16 to 31 ten have one sigma that is known, and nine of these one addend less.
        static let halfKnownBlock = Parts(rounds: 63, words: 48, additions: 2 - 8 - 9 + 8, rotations: -2 * 10, shifts: -10, xors: -10)
    }

}
