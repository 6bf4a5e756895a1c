import Hashing
import Randomness

extension SeededGenerator {
    mutating func hash() -> Hash256 {
        Hash256(number: UInt256(high: UInt128(next()) << 64 | UInt128(next()), low: UInt128(next()) << 64 | UInt128(next())))
    }

    /// True once in `rounds`.
    mutating func once(in rounds: Int) -> Bool { next() % UInt64(rounds) == 0 }
}
