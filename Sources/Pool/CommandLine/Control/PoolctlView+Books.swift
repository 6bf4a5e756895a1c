internal import JSON

// The ledger's tables.

extension PoolctlView {
    static var roundColumns: [Column] {
        [
            Column("chain") { row, _ in row.words("chain") },
            Column("round", isNumber: true) { row, _ in row.number("round") },
            Column("closed") { row, now in row.age("to", now) },
            Column("lasted", isNumber: true) { row, _ in
                guard let from = row["from"]?.double, let to = row["to"]?.double else { return "–" }
                return Units.duration(to - from)
            },
            Column("effort", isNumber: true) { row, _ in row["effort"]?.double.map(Units.percent) ?? "–" },
            Column("scheme") { row, _ in row.words("scheme") },
            Column("state") { row, _ in row.words("state") },
            // Before its reward is known a round has only weights.
            Column("reward", isNumber: true) { row, _ in row["state"]?.string == "weighed" ? "–" : row.coins("reward") },
            Column("height", isNumber: true) { row, _ in row.number("height") },
            Column("root", limit: 17) { row, _ in row.words("root") },
        ]
    }

    static var balanceColumns: [Column] {
        [
            Column("account", limit: 44) { row, _ in row.accountName },
            Column("chain") { row, _ in row.words("chain") },
            Column("immature", isNumber: true) { row, _ in row.coins("immature") },
            Column("payable", isNumber: true) { row, _ in row.coins("payable") },
            Column("sending", isNumber: true) { row, _ in row.coins("sending") },
            Column("paid", isNumber: true) { row, _ in row.coins("paid") },
            Column("address", limit: 24) { row, _ in
                // The pool's own money is where its blocks paid it.
                if row["account"]?.string == "" { return "–" }
                return row["address"]?.string == nil ? "not set yet" : row.words("address")
            },
        ]
    }

    static var accountColumns: [Column] {
        [
            Column("account", limit: 64) { row, _ in row.accountName },
            Column("since") { row, now in row.age("since", now) },
            Column("workers", isNumber: true) { row, _ in row.number("workers") },
            Column("own fees") { row, _ in
                let fees = row["fees"]?.object?.members ?? []
                return fees.isEmpty ? "–" : fees.map { "\($0.key) \(Units.percent($0.value.double ?? 0))" }.joined(separator: ", ")
            },
            Column("addresses") { row, _ in
                let addresses = row["addresses"]?.object?.members ?? []
                return addresses.isEmpty ? "–" : addresses.map { "\($0.key)=\($0.value.string ?? "")" }.joined(separator: ", ")
            },
        ]
    }

    static var shareColumns: [Column] {
        [
            Column("began") { row, now in row.age("start", now) },
            Column("span") { row, _ in row["span"]?.double.map(Units.duration) ?? "–" },
            Column("worker", limit: 48) { row, _ in row["account"]?.string == "" ? "all" : row.workerName },
            Column("accepted", isNumber: true) { row, _ in row.number("accepted") },
            Column("difficulty", isNumber: true) { row, _ in row["acceptedDifficulty"]?.double.map(Units.difficulty) ?? "–" },
            Column("hashrate", isNumber: true) { row, _ in
                guard let weight = row["weight"]?.units, let span = row["span"]?.double, span > 0 else { return "–" }
                return Units.hashrate(Double(weight) / span)
            },
            Column("rejected") { row, _ in
                let reasons = row.counts("rejected")
                return reasons.isEmpty ? "–" : reasons.map { "\($0.name) \(Units.count($0.count))" }.joined(separator: ", ")
            },
        ]
    }
}

extension JSONValue {
    /// An amount of a chain's coin, by the decimals that stand beside it.
    func coins(_ key: String) -> String {
        guard let units = self[key]?.units else { return "–" }
        if units == 0 { return "0" }
        return Units.coins(units, decimals: Int(self["decimals"]?.integer ?? 8))
    }

    /// The pool's own account has an empty name.
    var accountName: String { self["account"]?.string == "" ? "(the pool)" : words("account") }
}
