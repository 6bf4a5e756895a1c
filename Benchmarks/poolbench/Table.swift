import JSON

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

extension Table {
    /// - Parameter columns: the name in JSON and the heading of each.
    init(key: String, title: String, columns: KeyValuePairs<String, String>, rows: [[Cell]] = []) {
        self.init(key: key, title: title, columns: columns.map { Column(key: $0.key, title: $0.value) }, rows: rows)
    }
}

extension Table.Cell {
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
