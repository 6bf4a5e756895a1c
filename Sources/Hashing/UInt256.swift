/// A 256-bit unsigned number, as targets and hashes are compared.
///
/// Byte order never shows: whatever reads or writes bytes says which one it means.
public struct UInt256: Hashable, Sendable, BitwiseCopyable {
    // The low half stands first: on a little-endian machine the value's memory is then its little-endian bytes.
    public var low: UInt128
    public var high: UInt128

    @inlinable
    public init(high: UInt128, low: UInt128) {
        self.low = low
        self.high = high
    }

    @inlinable
    public init(_ value: some UnsignedInteger & FixedWidthInteger) {
        self.init(high: 0, low: UInt128(value))
    }

    public static let zero = UInt256(high: 0, low: 0)
    public static let one = UInt256(high: 0, low: 1)
    public static let max = UInt256(high: .max, low: .max)
}

extension UInt256: Comparable {
    @inlinable
    public static func < (left: UInt256, right: UInt256) -> Bool {
        left.high != right.high ? left.high < right.high : left.low < right.low
    }
}

extension UInt256: CustomStringConvertible {
    /// 64 hex digits, the most significant first: how nodes print a target.
    public var hex: String {
        String(unsafeUninitializedCapacity: 64) { digits in
            for index in 0..<32 {
                let shift = 8 * (15 - index % 16)
                let byte = UInt8(truncatingIfNeeded: (index < 16 ? high : low) >> shift)
                digits[2 * index] = Hex.digit(byte >> 4)
                digits[2 * index + 1] = Hex.digit(byte & 15)
            }
            return 64
        }
    }

    /// Reads 1 to 64 hex digits, the most significant first.
    @inlinable
    public init?(hex text: some StringProtocol) {
        let digits = text.utf8
        guard (1...64).contains(digits.count) else { return nil }
        self = .zero
        for digit in digits {
            guard let value = Hex.value(of: digit) else { return nil }
            high = high << 4 | low >> 124
            low = low << 4 | UInt128(value)
        }
    }

    public var description: String { "0x" + hex }
}
