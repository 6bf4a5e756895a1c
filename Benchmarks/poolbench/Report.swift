import JSON

/// What a benchmark found: tables for people, the same figures as JSON for programs.
struct Report {
    let benchmark: String
    let machine: Machine
    var tables: [Table] = []
    /// What a reader of the figures has to know.
    var notes: [String] = []
    /// A check did not hold: the program ends with 1.
    var hasFailed = false

    var text: String {
        "\(machine)\n" + tables.map { "\n" + $0.text }.joined() + (notes.isEmpty ? "" : "\n" + notes.map { $0 + "\n" }.joined())
    }

    /// `{benchmark, machine, TABLE: [{COLUMN: value, …}, …], …, notes}`.
    var json: JSONValue {
        var object = JSONObject([("benchmark", .string(benchmark)), ("machine", machine.json)])
        for table in tables { object[table.key] = table.json }
        object["notes"] = .array(notes.map { .string($0) })
        return .object(object)
    }
}
