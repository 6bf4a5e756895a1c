import Embedded
import Hashing

extension SplitMix64 {
    mutating func hash() -> Hash256 {
        func wide() -> UInt128 { UInt128(next()) << 64 | UInt128(next()) }
        return Hash256(number: UInt256(high: wide(), low: wide()))
    }
}
