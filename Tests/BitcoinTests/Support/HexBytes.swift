import Hashing
import Testing

/// The bytes that a test's hex literal spells.
func bytes(_ hex: String) throws -> [UInt8] {
    try #require(Hex.decode(hex))
}
