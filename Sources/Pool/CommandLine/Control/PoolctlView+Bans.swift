internal import JSON

// The table of banned addresses.

extension PoolctlView {
    static var banColumns: [Column] {
        [
            Column("address") { row, _ in row.words("address") },
            Column("still", isNumber: true) { row, now in
                row["until"]?.integer.map { Units.duration(Double(Int($0) - now)) } ?? "until the next start"
            },
            Column("by") { row, _ in row["byHand"]?.bool == true ? "an operator" : "the pool, for garbage" },
        ]
    }
}
