extension Target {
    /// The target of difficulty 1: 0x00000000FFFF0000…0000.
    public static let difficultyOne = Target(value: UInt256(0xffff as UInt32) << 208)

    /// floor(``difficultyOne`` / difficulty) by exact integer arithmetic: of all targets t the one with
    /// t · difficulty ≤ 0xFFFF · 2^208 < (t + 1) · difficulty.
    ///
    /// Kept within 1 … 2^256 - 1, so from about 2.3e-10 down every hash is a share.
    /// - Parameter difficulty: a positive real number; fractions are legal. Infinity gives 1. Anything else that is not positive (zero,
    ///   negative, not a number) names no target and is a programming error: check before.
    public init(difficulty: Double) {
        precondition(difficulty > 0, "a difficulty is positive")
        guard difficulty.isFinite else {
            self.init(value: .one)
            return
        }
        // difficulty = significand · 2^exponent, so the target is floor(0xFFFF · 2^(208 - exponent) / significand).
        let significand = difficulty.significandBitPattern | (difficulty.isNormal ? 1 << 52 : 0)
        let exponent = (difficulty.isNormal ? Int(difficulty.exponentBitPattern) : 1) - 1075
        let shift = 208 - exponent
        guard shift >= 0 else {
            self.init(value: .one)
            return
        }
        // A quotient of 2^16 · 2^shift by 2^53 at most needs no more than this.
        guard shift <= 320 else {
            self.init(value: .max)
            return
        }
        var quotient = UInt256.zero
        var remainder: UInt64 = 0
        for digit in stride(from: 5, through: 0, by: -1) {
            let (part, rest) = significand.dividingFullWidth((remainder, Target.digit(digit, of: 0xffff, shiftedBy: shift)))
            remainder = rest
            guard quotient.bitWidth <= 192 else {
                self.init(value: .max)
                return
            }
            quotient = quotient << 64
            quotient.low |= UInt128(part)
        }
        self.init(value: Swift.max(quotient, .one))
    }

    /// The 64-bit digit of weight 2^(64 · index) of `value` · 2^shift.
    private static func digit(_ index: Int, of value: UInt64, shiftedBy shift: Int) -> UInt64 {
        let distance = shift - 64 * index
        return distance >= 0 ? value << distance : value >> -distance
    }

    /// ``difficultyOne`` / target, rounded to the nearest number: for targets of 54 and more bits `Target(difficulty: d).difficulty == d`.
    ///
    /// Infinite for the target zero, which no hash but zero meets.
    public var difficulty: Double {
        guard value != .zero else { return .infinity }
        // Both sides with their highest bit at the top: the quotient's 64 bits then begin with the first or the second step.
        let divisor = value << value.leadingZeroBitCount
        let one = Target.difficultyOne.value
        var remainder = one << one.leadingZeroBitCount
        var quotient: UInt64 = 0
        var carry = false
        for _ in 0..<64 {
            quotient <<= 1
            if carry || remainder >= divisor {
                remainder = remainder &- divisor
                quotient |= 1
            }
            carry = remainder.high >> 127 != 0
            remainder = remainder << 1
        }
        // What is left beyond 64 bits only has to break ties.
        if carry || remainder != .zero { quotient |= 1 }
        let exponent = value.leadingZeroBitCount - one.leadingZeroBitCount - 63
        return Double(sign: .plus, exponent: exponent, significand: Double(quotient))
    }
}

extension Hash256 {
    /// The difficulty of the hardest target this hash meets, within one unit in the last place; for statistics on the share path.
    ///
    /// The hash zero counts as one, so that the figure stays finite.
    public var difficulty: Double {
        let number = Swift.max(number, .one)
        let zeros = number.leadingZeroBitCount
        let top = UInt64(truncatingIfNeeded: (number << zeros).high >> 64)
        return Double(sign: .plus, exponent: zeros, significand: 0x1.fffep223 / (Double(top) * 0x1p192))
    }
}
