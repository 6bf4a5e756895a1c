/// An account's part in a round.
struct RoundRow: Equatable, Sendable {
    var account: String
    var weight: UInt128
    /// The fee it pays, as it stood when the round was closed.
    var fee: PartsPerMillion
}

/// A block's reward divided among the rows of its round.
struct BlockReward: Equatable, Sendable {
    /// What each row is credited, in the rows' order.
    let credits: [UInt128]
    /// What the pool keeps.
    let fee: UInt128

    /// Each account's part by largest remainder, less its fee rounded down. Credits and fee add up to the reward, always. Without rows, or
    /// rows without weight, the pool keeps it all.
    init(_ reward: UInt128, rows: [RoundRow]) {
        let parts = Apportionment.divide(reward, by: rows.map(\.weight))
        credits = zip(parts, rows).map { part, row in part - min(part, row.fee.of(part)) }
        fee = reward - credits.reduce(0, +)
    }
}
