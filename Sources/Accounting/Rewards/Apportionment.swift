/// Divides whole units in proportion to weights.
enum Apportionment {
    /// What each weight gets of `amount`, by largest remainder: every part is its exact share rounded down or up, and the parts add up to the
    /// amount. Where remainders are equal the earlier one is rounded up.
    ///
    /// All zero when the weights are.
    static func divide(_ amount: UInt128, by weights: [UInt128]) -> [UInt128] {
        let total = weights.reduce(0, +)
        guard total > 0 else { return weights.map { _ in 0 } }
        var parts: [UInt128] = []
        var remainders: [UInt128] = []
        parts.reserveCapacity(weights.count)
        remainders.reserveCapacity(weights.count)
        var given: UInt128 = 0
        for weight in weights {
            // weight ≤ total, so the quotient is at most the amount.
            let (part, remainder) = total.dividingFullWidth(amount.multipliedFullWidth(by: weight))
            parts.append(part)
            remainders.append(remainder)
            given += part
        }
        // Less than one unit a weight is left.
        let left = Int(amount - given)
        guard left > 0 else { return parts }
        let order = remainders.indices.sorted { (remainders[$0], $1) > (remainders[$1], $0) }
        for index in order.prefix(left) { parts[index] += 1 }
        return parts
    }
}
