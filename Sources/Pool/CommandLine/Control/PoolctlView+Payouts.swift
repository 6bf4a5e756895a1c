internal import JSON

// The payouts' tables.

extension PoolctlView {
    static var payoutColumns: [Column] {
        [
            Column("id", isNumber: true) { row, _ in row.number("id") },
            Column("chain") { row, _ in row.words("chain") },
            Column("state") { row, _ in row.words("state") },
            Column("changed") { row, now in row.age("changed", now) },
            Column("accounts", isNumber: true) { row, _ in row.number("accounts") },
            Column("amount", isNumber: true) { row, _ in row.coins("amount") },
            Column("fee", isNumber: true) { row, _ in row.coins("fee") },
            Column("transaction") { row, _ in row.words("txid") },
            Column("trouble", limit: 80) { row, _ in row.words("trouble") },
        ]
    }

    /// Who would be paid next, chain by chain.
    func plans(_ plans: [JSONValue], _ now: Int, _ style: Style) -> String {
        plans.map { plan in
            let rows = plan["rows"]?.array ?? []
            let decimals = plan["decimals"] ?? 8
            var text = style.bold(plan.words("chain")) + ": "
            text += rows.isEmpty ? "nobody has \(plan.coins("minimum"))" : "\(PoolctlView.accounts(rows.count)) \(plan.coins("amount"))"
            if !rows.isEmpty, plan["hasWallet"]?.bool == false {
                text += ", outside the pool: payouts plan --chain \(plan.words("chain")) --csv FILE"
            }
            if let waiting = plan["waiting"]?.integer, waiting > 0 { text += ", and \(Units.count(Int(waiting))) after them" }
            text += "\n"
            if !rows.isEmpty { text += table(Self.planColumns, rows.map { $0.with("decimals", decimals) }, now, style, empty: "") }
            let homeless = plan["withoutAddress"]?.array ?? []
            if !homeless.isEmpty {
                text += "without an address there (poolctl accounts set ACCOUNT --address \(plan.words("chain"))=ADDR):\n"
                text += table(Self.homelessColumns, homeless.map { $0.with("decimals", decimals) }, now, style, empty: "")
            }
            return text
        }.joined(separator: "\n")
    }

    /// `1 account gets`, `12 accounts get`.
    static func accounts(_ count: Int) -> String { count == 1 ? "1 account gets" : "\(Units.count(count)) accounts get" }

    private static var planColumns: [Column] {
        [
            Column("account", limit: 64) { row, _ in row.words("account") },
            Column("amount", isNumber: true) { row, _ in row.coins("amount") },
            Column("address") { row, _ in row.words("address") },
        ]
    }

    private static var homelessColumns: [Column] { [planColumns[0], planColumns[1]] }
}

extension JSONValue {
    /// The object with one more member.
    fileprivate func with(_ key: String, _ value: JSONValue) -> JSONValue {
        guard var object else { return self }
        object[key] = value
        return .object(object)
    }
}
