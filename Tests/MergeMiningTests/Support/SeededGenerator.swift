import Hashing

/// SplitMix64: the same numbers on every run.
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var z = state
        z = (z ^ z >> 30) &* 0xbf58_476d_1ce4_e5b9
        z = (z ^ z >> 27) &* 0x94d0_49bb_1331_11eb
        return z ^ z >> 31
    }

    mutating func bytes(_ count: Int) -> [UInt8] { (0..<count).map { _ in UInt8(truncatingIfNeeded: next()) } }

    mutating func hash() -> Hash256 {
        Hash256(number: UInt256(high: UInt128(next()) << 64 | UInt128(next()), low: UInt128(next()) << 64 | UInt128(next())))
    }

    /// True once in `rounds`.
    mutating func once(in rounds: Int) -> Bool { next() % UInt64(rounds) == 0 }
}
