/// Rows of text in aligned columns.
struct TextTable {
    struct Column {
        var title: String
        var isNumber = false
        /// Longer cells lose their middle; nil lets them be.
        var limit: Int?
    }

    var columns: [Column]
    var rows: [[String]]

    /// - Parameter bold: how a title is made to stand out.
    func text(bold: (String) -> String = { $0 }) -> String {
        let rows = rows.map { row in zip(row, columns).map { cell, column in Self.fitted(cell, column.limit) } }
        let widths = columns.indices.map { index in ([columns[index].title.count] + rows.map { $0[index].count }).max() ?? 0 }
        let lines = [line(columns.map(\.title), widths, style: bold)] + rows.map { line($0, widths) { $0 } }
        return lines.map { $0 + "\n" }.joined()
    }

    private func line(_ cells: [String], _ widths: [Int], style: (String) -> String) -> String {
        var line = ""
        for (index, cell) in cells.enumerated() {
            let gap = String(repeating: " ", count: widths[index] - cell.count)
            let isLast = index == cells.count - 1
            line += columns[index].isNumber ? gap + style(cell) : isLast ? style(cell) : style(cell) + gap
            if !isLast { line += "  " }
        }
        return line
    }

    /// Cuts in the middle: an address is known by its ends, and a worker's name stands behind it.
    private static func fitted(_ cell: String, _ limit: Int?) -> String {
        let clean = cell.withoutControls
        guard let limit, clean.count > limit else { return clean }
        return clean.prefix(limit / 2 - 1) + "…" + clean.suffix(limit - limit / 2)
    }
}

extension String {
    /// The text with dots for control characters: what came from a socket must not steer the terminal.
    var withoutControls: String {
        String(UnicodeScalarView(unicodeScalars.map { $0.properties.generalCategory == .control ? "·" : $0 }))
    }
}
