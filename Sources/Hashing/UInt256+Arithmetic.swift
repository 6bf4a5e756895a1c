extension UInt256 {
    /// Sum modulo 2^256.
    @inlinable
    public static func &+ (left: UInt256, right: UInt256) -> UInt256 {
        left.addingReportingOverflow(right).partialValue
    }

    /// Difference modulo 2^256.
    @inlinable
    public static func &- (left: UInt256, right: UInt256) -> UInt256 {
        left.subtractingReportingOverflow(right).partialValue
    }

    @inlinable
    public func addingReportingOverflow(_ other: UInt256) -> (partialValue: UInt256, overflow: Bool) {
        let (low, carry) = low.addingReportingOverflow(other.low)
        let (sum, first) = high.addingReportingOverflow(other.high)
        let (high, second) = sum.addingReportingOverflow(carry ? 1 : 0)
        return (UInt256(high: high, low: low), first || second)
    }

    @inlinable
    public func subtractingReportingOverflow(_ other: UInt256) -> (partialValue: UInt256, overflow: Bool) {
        let (low, borrow) = low.subtractingReportingOverflow(other.low)
        let (rest, first) = high.subtractingReportingOverflow(other.high)
        let (high, second) = rest.subtractingReportingOverflow(borrow ? 1 : 0)
        return (UInt256(high: high, low: low), first || second)
    }

    @inlinable
    public static prefix func ~ (value: UInt256) -> UInt256 { UInt256(high: ~value.high, low: ~value.low) }

    /// Bits shifted out are lost; any shift of 256 or more gives zero.
    @inlinable
    public static func << (value: UInt256, count: Int) -> UInt256 {
        switch count {
        case ..<1: count == 0 ? value : value >> -count
        case ..<128: UInt256(high: value.high << count | value.low >> (128 - count), low: value.low << count)
        default: UInt256(high: value.low << (count - 128), low: 0)
        }
    }

    /// Bits shifted out are lost; any shift of 256 or more gives zero.
    @inlinable
    public static func >> (value: UInt256, count: Int) -> UInt256 {
        switch count {
        case ..<1: count == 0 ? value : value << -count
        case ..<128: UInt256(high: value.high >> count, low: value.low >> count | value.high << (128 - count))
        default: UInt256(high: 0, low: value.high >> (count - 128))
        }
    }

    @inlinable
    public var leadingZeroBitCount: Int {
        high != 0 ? high.leadingZeroBitCount : 128 + low.leadingZeroBitCount
    }

    /// The number of bits from the highest one down: 0 for zero.
    @inlinable
    public var bitWidth: Int { 256 - leadingZeroBitCount }

    /// The product, or the largest number where it does not fit.
    public func multipliedSaturating(by factor: UInt64) -> UInt256 {
        let (lowHigh, lowLow) = low.multipliedFullWidth(by: UInt128(factor))
        let (highHigh, highLow) = high.multipliedFullWidth(by: UInt128(factor))
        let (high, overflow) = highLow.addingReportingOverflow(lowHigh)
        return overflow || highHigh != 0 ? .max : UInt256(high: high, low: lowLow)
    }

    /// Long division, a bit a step. For control paths: up to 256 steps.
    public func quotientAndRemainder(dividingBy divisor: UInt256) -> (quotient: UInt256, remainder: UInt256) {
        precondition(divisor != .zero, "division by zero")
        guard self >= divisor else { return (.zero, self) }
        var shift = divisor.leadingZeroBitCount - leadingZeroBitCount
        var divisor = divisor << shift
        var quotient = UInt256.zero
        var remainder = self
        while shift >= 0 {
            quotient = quotient << 1
            if remainder >= divisor {
                remainder = remainder &- divisor
                quotient.low |= 1
            }
            divisor = divisor >> 1
            shift -= 1
        }
        return (quotient, remainder)
    }
}
