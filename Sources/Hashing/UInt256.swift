/// A 256-bit unsigned number, as targets and hashes are compared.
///
/// Byte order never shows: `init(littleEndian…)` and `init(bigEndian…)` say which one they read.
public struct UInt256: Hashable, Sendable, BitwiseCopyable {
    public var high: UInt128
    public var low: UInt128

    @inlinable
    public init(high: UInt128, low: UInt128) {
        self.high = high
        self.low = low
    }

    public static let zero = UInt256(high: 0, low: 0)
    public static let max = UInt256(high: .max, low: .max)
}

extension UInt256: Comparable {
    @inlinable
    public static func < (left: UInt256, right: UInt256) -> Bool {
        left.high != right.high ? left.high < right.high : left.low < right.low
    }
}
