internal import Hashing

/// What PPS pays for a hash: `numerator` / 2^`shift` units.
///
/// It is the published price, reward over network weight rounded down once, with at least 63 significant bits wherever 100 binary places hold
/// them; credits and carries are exact from there on.
public struct PerShareRate: Sendable, Equatable {
    public let numerator: UInt128
    /// 0…100.
    public let shift: Int

    static let places = 100

    init(numerator: UInt128, shift: Int) {
        self.numerator = numerator
        self.shift = shift
    }

    /// - Parameters:
    ///   - reward: expected of a block, in units, less than 2^96.
    ///   - networkWeight: expected hashes of a block.
    /// Nil when either is zero or the reward too large.
    public init?(reward: UInt128, networkWeight: UInt128) {
        guard networkWeight > 0, reward > 0, reward >> 96 == 0 else { return nil }
        // A quotient of 127 bits at most, and not more than 100 places.
        let integerBits = max(0, (128 - reward.leadingZeroBitCount) - (128 - networkWeight.leadingZeroBitCount) + 1)
        shift = min(Self.places, 127 - integerBits)
        let scaled = UInt256(reward) << shift
        numerator = networkWeight.dividingFullWidth((scaled.high, scaled.low)).quotient
    }

    /// What a weight earns.
    /// - Parameter carry: what the account had left of less than a unit, in ``Carry/parts``.
    /// Nil when it is more than any money there is.
    func pay(_ weight: UInt128, fee: PartsPerMillion, carry: Carry) -> (amount: UInt128, carry: Carry)? {
        let product = numerator.multipliedFullWidth(by: weight)
        let net = UInt256(high: product.high, low: product.low)
            .multipliedSaturating(by: PartsPerMillion.one - min(fee.millionths, PartsPerMillion.one))
        let up = Self.places - shift
        guard net.leadingZeroBitCount > up else { return nil }
        let (sum, overflow) = (net << up).addingReportingOverflow(UInt256(carry.numerator))
        let (whole, millionths) = Carry.split(sum)
        guard !overflow, let whole else { return nil }
        return (whole, Carry(numerator: millionths))
    }

    /// What is less than one unit, an exact fraction: `numerator` / (10^6 · 2^100).
    struct Carry: Equatable, Sendable {
        var numerator: UInt128

        static let none = Carry(numerator: 0)
        static let parts = UInt128(PartsPerMillion.one) << UInt128(PerShareRate.places)

        /// Whole units and the rest; nil units when they do not fit 127 bits.
        static func split(_ value: UInt256) -> (UInt128?, UInt128) {
            guard value.high < parts else { return (nil, 0) }
            let (quotient, remainder) = parts.dividingFullWidth((value.high, value.low))
            return (quotient >> 127 == 0 ? quotient : nil, remainder)
        }
    }
}
