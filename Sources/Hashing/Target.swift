/// The number that a hash must not exceed.
public struct Target: Hashable, Sendable, BitwiseCopyable {
    public let value: UInt256

    public init(value: UInt256) {
        self.value = value
    }

    /// Equality passes: `hash <= target`, as nodes judge.
    @inlinable
    public func isMet(by hash: Hash256) -> Bool { hash.number <= value }
}

extension Target: Comparable {
    public static func < (left: Target, right: Target) -> Bool { left.value < right.value }
}
