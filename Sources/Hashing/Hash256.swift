/// Thirty-two bytes as SHA-256d yields them: *internal order*, the order of the wire and of Merkle trees.
///
/// Explorers and JSON-RPC show the reverse, *display order*; only `displayHex` and `init(displayHex:)` speak it.
/// Read as a number (to compare with a target) the bytes are little-endian, which `number` gives.
public struct Hash256: Hashable, Sendable, BitwiseCopyable {
    /// The bytes as a little-endian number.
    public var number: UInt256

    @inlinable
    public init(number: UInt256) {
        self.number = number
    }

    public static let zero = Hash256(number: .zero)

    /// Reads 32 bytes in internal order; nil when there are not exactly 32.
    public init?(internalBytes bytes: some Collection<UInt8>) {
        guard bytes.count == 32 else { return nil }
        var low: UInt128 = 0
        var high: UInt128 = 0
        for (index, byte) in bytes.enumerated() {
            if index < 16 { low |= UInt128(byte) << (8 * index) } else { high |= UInt128(byte) << (8 * (index - 16)) }
        }
        self.init(number: UInt256(high: high, low: low))
    }

    /// The 32 bytes in internal order.
    public var internalBytes: [UInt8] {
        (0..<32).map { $0 < 16 ? UInt8(truncatingIfNeeded: number.low >> (8 * $0)) : UInt8(truncatingIfNeeded: number.high >> (8 * ($0 - 16))) }
    }
}
