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

/// Rows of figures under named columns.
struct Table {
    struct Column {
        /// The name in JSON.
        let key: String
        /// The heading.
        let title: String
    }

    enum Cell {
        case text(String)
        case integer(Int)
        /// Shown with so many decimals; JSON has the whole number.
        case real(Double, decimals: Int)
        /// Not measured or without meaning here.
        case none
    }

    /// The name in JSON.
    let key: String
    let title: String
    let columns: [Column]
    var rows: [[Cell]] = []

    var text: String {
        let cells = [columns.map(\.title)] + rows.map { $0.map(\.shown) }
        let widths = columns.indices.map { column in cells.map { $0[column].count }.max() ?? 0 }
        let lines = cells.map { row in
            // The first column names the row; figures stand at the right.
            row.enumerated().map { index, cell in
                let gap = String(repeating: " ", count: widths[index] - cell.count)
                return index == 0 ? cell + gap : gap + cell
            }.joined(separator: "  ")
        }
        return title + "\n" + lines.map { $0 + "\n" }.joined()
    }

    var json: JSONValue {
        .array(rows.map { row in .object(JSONObject(zip(columns, row).map { ($0.key, $1.json) })) })
    }
}

extension Table.Cell {
    /// A series' rate in millions a second.
    static func millionths(of series: Series?) -> Table.Cell {
        series.map { .real($0.rate / 1e6, decimals: $0.rate < 1e7 ? 3 : 2) } ?? .none
    }

    var shown: String {
        switch self {
        case .text(let text): return text
        case .integer(let value): return String(value)
        case .real(let value, let decimals):
            var scale = 1.0
            for _ in 0..<decimals { scale *= 10 }
            let digits = String(Int((abs(value) * scale).rounded()))
            let padded = String(repeating: "0", count: max(0, decimals + 1 - digits.count)) + digits
            return (value < 0 ? "-" : "") + padded.dropLast(decimals) + (decimals == 0 ? "" : "." + padded.suffix(decimals))
        case .none: return "–"
        }
    }

    var json: JSONValue {
        switch self {
        case .text(let text): .string(text)
        case .integer(let value): .integer(Int64(value))
        case .real(let value, _): .real(value)
        case .none: .null
        }
    }
}
