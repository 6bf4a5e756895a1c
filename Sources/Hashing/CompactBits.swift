/// A target as a header's `nBits` field holds it: one exponent byte, three mantissa bytes.
public struct CompactBits: RawRepresentable, Hashable, Sendable, BitwiseCopyable {
    public let rawValue: UInt32

    public init(rawValue: UInt32) {
        self.rawValue = rawValue
    }
}
