/// A target as a header's `nBits` field holds it: one exponent byte, three mantissa bytes.
///
/// Any 32-bit pattern can stand here; ``Target/init(bits:)`` says which ones a node takes as a target.
public struct CompactBits: RawRepresentable, Hashable, Sendable, BitwiseCopyable {
    public let rawValue: UInt32

    public init(rawValue: UInt32) {
        self.rawValue = rawValue
    }

    /// Reads 8 hex digits, the exponent first, as JSON-RPC and Stratum show it.
    public init?(hex text: some StringProtocol) {
        guard text.utf8.count == 8, let bytes = Hex.decode(text) else { return nil }
        rawValue = bytes.reduce(0) { $0 << 8 | UInt32($1) }
    }
}

extension CompactBits: CustomStringConvertible {
    /// 8 hex digits, the exponent first.
    public var description: String {
        Hex.encode(stride(from: 24, through: 0, by: -8).map { UInt8(truncatingIfNeeded: rawValue >> UInt32($0)) })
    }
}

extension Target {
    /// Nil where a node refuses the header outright: a negative target, one of more than 256 bits, or zero.
    public init?(bits: CompactBits) {
        let size = Int(bits.rawValue >> 24)
        let mantissa = bits.rawValue & 0x7f_ffff
        let number = UInt256(mantissa) << (8 * (size - 3))
        // The sign bit counts only beside a mantissa that is left after shifting, as in the node's arithmetic; that case is zero anyway.
        guard number != .zero, bits.rawValue & 0x80_0000 == 0 else { return nil }
        guard number.bitWidth == UInt256(mantissa).bitWidth + 8 * (size - 3) || size < 3 else { return nil }
        self.init(value: number)
    }

    /// The compact form, rounded towards zero: the mantissa keeps 15 to 23 significant bits.
    public var bits: CompactBits {
        var size = (value.bitWidth + 7) / 8
        var mantissa = UInt32(truncatingIfNeeded: (value >> (8 * (size - 3))).low)
        // The mantissa's top bit is a sign: a number that would set it moves one byte down.
        if mantissa & 0x80_0000 != 0 {
            mantissa >>= 8
            size += 1
        }
        return CompactBits(rawValue: UInt32(size) << 24 | mantissa)
    }
}
