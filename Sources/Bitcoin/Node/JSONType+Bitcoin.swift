public import Hashing
public import JSON

extension JSONType where Value == Hash256 {
    /// A hash in display order.
    public static var hash: Self { Self("64 hex digits") { $0.string.flatMap { Hash256(displayHex: $0) } } }
}

extension JSONType where Value == CompactBits {
    /// Compact bits as 8 hex digits, most significant first.
    public static var bits: Self {
        Self("8 hex digits") { $0.string.flatMap { CompactBits(hex: $0) } }
    }
}

extension JSONType where Value == [UInt8] {
    /// Bytes as hex digits.
    public static var hex: Self { Self("hex digits") { $0.string.flatMap { Hex.decode($0) } } }
}
