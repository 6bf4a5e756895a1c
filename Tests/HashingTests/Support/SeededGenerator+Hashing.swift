import Hashing
import Randomness

/// Random values of the hashes' types.
extension SeededGenerator {
    mutating func hash() -> Hash256 { Hash256(number: number()) }

    mutating func number() -> UInt256 {
        UInt256(high: .random(in: .min ... .max, using: &self), low: .random(in: .min ... .max, using: &self))
    }
}
