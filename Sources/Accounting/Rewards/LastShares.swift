/// Weights of accounts in one window.
typealias AccountWeights = [String: UInt128]

/// Collects the last shares of PPLNS.
enum LastShares {
    /// The weights that accounts have in the last shares of together `wanted` weight.
    ///
    /// The oldest window that is needed counts only in part, which is cut pro rata over its rows, by largest remainder, accounts in the order
    /// of their names. When all windows together weigh less, all of them count.
    /// - Parameter windows: newest first.
    static func weights(_ windows: some Sequence<AccountWeights>, wanted: UInt128) -> AccountWeights {
        var weights: AccountWeights = [:]
        var missing = wanted
        for window in windows {
            if missing == 0 { break }
            let total = window.values.reduce(0, +)
            let part = total <= missing ? window : cut(window, to: missing)
            missing -= min(total, missing)
            weights.merge(part, uniquingKeysWith: +)
        }
        return weights
    }

    /// A window reduced to a weight that is less than its own.
    static func cut(_ window: AccountWeights, to weight: UInt128) -> AccountWeights {
        let rows = window.sorted { $0.key < $1.key }
        let parts = Apportionment.divide(weight, by: rows.map(\.value))
        return Dictionary(uniqueKeysWithValues: zip(rows, parts).lazy.filter { $0.1 > 0 }.map { ($0.0.key, $0.1) })
    }
}
