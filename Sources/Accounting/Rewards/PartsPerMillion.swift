/// A fraction or a multiple in steps of a millionth: fees and windows as money is counted, in integers.
public struct PartsPerMillion: Sendable, Hashable, Comparable {
    public static let one: UInt64 = 1_000_000
    public static let none = PartsPerMillion(millionths: 0)
    public static let whole = PartsPerMillion(millionths: one)

    public let millionths: UInt64

    public init(millionths: UInt64) {
        self.millionths = millionths
    }

    /// The nearest to a number of the configuration, such as 0.01; nil for what is negative, not finite, or above a thousand.
    public init?(_ number: Double) {
        guard number >= 0, number <= 1_000 else { return nil }
        millionths = UInt64((number * Double(Self.one)).rounded())
    }

    /// This part of an amount, rounded down. The amount is less than 2^127 and the part at most a thousand.
    public func of(_ amount: UInt128) -> UInt128 {
        let product = amount.multipliedFullWidth(by: UInt128(millionths))
        guard product.high < UInt128(Self.one) else { return .max }
        return UInt128(Self.one).dividingFullWidth(product).quotient
    }

    public static func < (left: PartsPerMillion, right: PartsPerMillion) -> Bool { left.millionths < right.millionths }
}
