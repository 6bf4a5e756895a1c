/// The number that tells the chains of the AuxPoW family apart: Namecoin 1, Syscoin 16, Elastos 1224, Fractal 8228.
///
/// A chain's id decides its slot in the tree that the parent coinbase commits to. Take it from the node's `chainid` and hold it against
/// the configured one.
public struct ChainID: Hashable, Sendable, ExpressibleByIntegerLiteral, CustomStringConvertible {
    public let value: UInt32

    public init(_ value: UInt32) {
        self.value = value
    }

    public init(integerLiteral value: UInt32) {
        self.value = value
    }

    public var description: String { String(value) }

    public static let namecoin: ChainID = 1
    public static let syscoin: ChainID = 16
    public static let elastos: ChainID = 1224
    public static let fractal: ChainID = 8228
    public static let dogecoin: ChainID = 98

    /// The chain's leaf number in a tree of 2^`height` leaves, as every chain of the family computes it.
    ///
    /// A linear congruential generator run twice. Its multiplier is odd, so at one height two chains share a slot exactly when their ids
    /// are equal modulo 2^`height`, whatever the nonce. `height` is at most 31.
    public func slot(height: Int, nonce: UInt32) -> UInt32 {
        let multiplier: UInt32 = 1_103_515_245
        let increment: UInt32 = 12345
        let mixed = (nonce &* multiplier &+ increment &+ value) &* multiplier &+ increment
        return mixed & ((1 << UInt32(clamping: height)) &- 1)
    }
}
