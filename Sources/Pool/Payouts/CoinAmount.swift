/// An amount as a node writes it: coins with eight decimals.
enum CoinAmount {
    private static let unit: UInt128 = 100_000_000

    /// The exact decimal text of an amount in smallest units, which nodes take in place of a number.
    static func text(_ amount: UInt128) -> String {
        let fraction = String(amount % unit)
        return "\(amount / unit)." + String(repeating: "0", count: 8 - fraction.count) + fraction
    }

    /// Smallest units of a number that a node wrote with at most eight decimals. A double holds those of 90 million coins exactly.
    static func units(_ coins: Double) -> UInt128? {
        let units = (coins.magnitude * 1e8).rounded()
        return units <= 0x1p53 ? UInt128(units) : nil
    }
}
