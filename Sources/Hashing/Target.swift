/// The number that a hash must not exceed.
public struct Target: Hashable, Sendable, BitwiseCopyable {
    public let value: UInt256

    @inlinable
    public init(value: UInt256) {
        self.value = value
    }

    /// Every hash meets it.
    public static let max = Target(value: .max)

    /// Equality passes: `hash <= target`, as nodes judge.
    @inlinable
    public func isMet(by hash: Hash256) -> Bool { hash.number <= value }

    /// The expected number of hashes until one meets this target: floor(2^256 / (target + 1)), as nodes count a header's work.
    ///
    /// Exact, at least 1; `UInt128.max` for the targets below 2^128 whose weight would not fit.
    public var weight: UInt128 {
        guard value.high != 0 else { return .max }
        let (divisor, overflow) = value.addingReportingOverflow(.one)
        guard !overflow else { return 1 }
        // 2^256 has no room in 256 bits, but (2^256 - (t + 1)) / (t + 1) + 1 is the same number.
        return (~value).quotientAndRemainder(dividingBy: divisor).quotient.low + 1
    }
}

extension Target: Comparable {
    @inlinable
    public static func < (left: Target, right: Target) -> Bool { left.value < right.value }
}

extension Target: CustomStringConvertible {
    public var description: String { value.hex }
}
