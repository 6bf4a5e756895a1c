internal import JSON

/// The picture of `poolctl top`: figures and state in, lines out.
struct TopScreen {
    /// What the pool answered last.
    struct Figures: Sendable {
        var status: JSONValue = [:]
        var workers: [JSONValue] = []
        /// Hashes per second, oldest first: by the minute of the last hours.
        var history: [Double] = []
        /// Why there is no newer answer.
        var trouble: String?
    }

    let figures: Figures
    let state: TopState
    let columns: Int
    let rows: Int
    let style: Style
    /// Unix seconds.
    let now: Int

    /// As many lines as fit, none wider than the screen.
    var lines: [String] {
        var top = head
        top.append("")
        top += chains
        top.append("")
        let footer = self.footer
        let room = max(0, rows - top.count - 1)
        let body = state.showsHelp ? help : workers(room: room)
        var all = (top + body).prefix(max(0, rows - 1)).map { $0 }
        while all.count < rows - 1 { all.append("") }
        return all.map(fitted) + [fitted(footer)]
    }

    // MARK: The pool

    private var head: [String] {
        let status = figures.status
        let uptime = status["uptime"]?.double.map(Units.duration) ?? "–"
        let title =
            "\(style.bold("Motherlode \(status.words("version"))"))  \(status.words("chain"))  height \(status.number("height"))  up \(uptime)"
        let rate = status["hashrate"]?["1m"]?.double.map(Units.hashrate) ?? "–"
        let spans = ["5m", "1h", "1d"].compactMap { span in
            status["hashrate"]?[span]?.double.map { "\(style.faint(span)) \(Units.hashrate($0))" }
        }.joined(separator: "  ")
        let line = Sparkline.text(figures.history, width: max(10, columns - 62))
        var lines = [title, "\(style.faint("hashrate")) \(style.bold(rate))  \(style.good(line))  \(spans)"]
        let rejected = status.counts("rejected").reduce(0) { $0 + $1.count }
        let accepted = Int(status["accepted"]?.integer ?? 0)
        let ratio = accepted + rejected == 0 ? "" : " (\(Units.percent(Double(rejected) / Double(accepted + rejected))))"
        lines.append(
            "\(style.faint("shares  ")) \(Units.count(accepted)) accepted, \(Units.count(rejected)) rejected\(ratio)"
                + "   \(style.faint("miners")) \(status.number("connections"))   \(style.faint("workers")) \(status.number("workers"))"
        )
        lines.append("\(style.faint("blocks  ")) \(blocks)")
        lines.append("\(style.faint("ledger  ")) \(ledger)")
        return lines
    }

    private var blocks: String {
        let status = figures.status
        var parts = ["\(status.number("blocks")) found"]
        if let effort = status["effort"]?.double { parts.append("effort \(Units.percent(effort))") }
        if let luck = status["luck"]?.double { parts.append("luck \(Units.percent(luck))") }
        if let seconds = status["expectedSeconds"]?.double { parts.append("one in \(seconds < 1 ? "under 1 s" : Units.duration(seconds))") }
        if let best = status["bestShare"]?.double { parts.append("best \(Units.difficulty(best))") }
        return parts.joined(separator: ", ")
    }

    private var ledger: String {
        let ledger = figures.status["ledger"] ?? .null
        for name in ["failure", "trouble"] where ledger[name]?.string != nil { return style.bad(ledger.words(name)) }
        let kind = ledger["durability"]?.string == "full" ? "on disk before acknowledged" : style.bad("durability \(ledger.words("durability"))")
        return "\(kind), \(ledger.number("pending")) waiting"
    }

    // MARK: Chains

    private var chains: [String] {
        let status = figures.status
        var rows: [[String]] = []
        for node in status["nodes"]?.array ?? [] where node["active"]?.bool == true || rows.isEmpty {
            rows = [["bitcoin", node.words("state"), status.number("height"), status.number("blocks"), trouble(node)]]
        }
        for chain in status["auxiliaries"]?.array ?? [] {
            rows.append([chain.words("name"), chain.words("state"), chain.number("height"), chain.number("accepted"), chain.trouble])
        }
        let table = TextTable(
            columns: [
                .init(title: "chain", limit: 20), .init(title: "state"), .init(title: "height", isNumber: true),
                .init(title: "blocks", isNumber: true), .init(title: "trouble", limit: max(10, columns - 41)),
            ],
            rows: Array(rows.prefix(max(1, self.rows / 4)))
        )
        return table.text(bold: style.faint).split(separator: "\n").map(String.init)
    }

    private func trouble(_ node: JSONValue) -> String { node["state"]?.string == "ready" ? "–" : node.words("lastError") }

    // MARK: Workers

    private func workers(room: Int) -> [String] {
        let chosen = Self.chosen(figures.workers, state)
        guard !chosen.isEmpty else {
            return [figures.workers.isEmpty ? "no worker has sent a share yet" : "no worker's name holds \(JSON5Text.quote(state.filter))"]
        }
        let first = min(state.scroll, max(0, chosen.count - max(1, room - 1)))
        let shown = chosen[first...].prefix(max(0, room - 1))
        let isWide = columns >= 120
        var table: [TextTable.Column] = [
            .init(title: mark("worker", .name), limit: max(12, isWide ? columns - 102 : columns - 52)),
            .init(title: mark("1 min", .hashrate), isNumber: true),
        ]
        if isWide { table += [.init(title: "15 min", isNumber: true), .init(title: "1 h", isNumber: true), .init(title: "1 d", isNumber: true)] }
        table += [.init(title: mark("accepted", .accepted), isNumber: true), .init(title: mark("rejected", .rejected), isNumber: true)]
        if isWide { table.append(.init(title: mark("difficulty", .difficulty), isNumber: true)) }
        table += [.init(title: mark("best", .best), isNumber: true), .init(title: mark("last share", .lastShare))]
        let rows = shown.map { row -> [String] in
            var cells = [row.workerName, row.hashrate("1m")]
            if isWide { cells += [row.hashrate("15m"), row.hashrate("1h"), row.hashrate("1d")] }
            cells += [row.number("accepted"), Units.count(Self.rejected(row))]
            if isWide { cells.append(row.difficulty) }
            return cells + [row["bestShare"]?.double.map(Units.difficulty) ?? "–", row.age("lastShare", now)]
        }
        return TextTable(columns: table, rows: rows).text(bold: style.bold).split(separator: "\n").map(String.init)
    }

    private func mark(_ title: String, _ order: TopState.Order) -> String {
        guard state.order == order else { return title }
        return title + (state.isReversed != (order == .name) ? "▲" : "▼")
    }

    /// Those the filter lets through, in the order that was chosen: the largest first, names from a to z.
    static func chosen(_ workers: [JSONValue], _ state: TopState) -> [JSONValue] {
        let wanted = state.filter.lowercased()
        let kept = workers.filter { wanted.isEmpty || $0.workerName.lowercased().contains(wanted) }
        let sorted: [JSONValue]
        if state.order == .name {
            sorted = kept.sorted { $0.workerName < $1.workerName }
        } else {
            sorted = kept.map { (row: $0, value: value($0, state.order), name: $0.workerName) }
                .sorted { ($1.value, $0.name) < ($0.value, $1.name) }.map(\.row)
        }
        return state.isReversed ? sorted.reversed() : sorted
    }

    private static func value(_ row: JSONValue, _ order: TopState.Order) -> Double {
        switch order {
        case .hashrate: row["hashrate"]?["1m"]?.double ?? 0
        case .accepted: row["accepted"]?.double ?? 0
        case .rejected: Double(rejected(row))
        case .difficulty: row["difficulty"]?.double ?? 0
        case .best: row["bestShare"]?.double ?? 0
        case .lastShare: row["lastShare"]?.double ?? 0
        case .name: 0
        }
    }

    private static func rejected(_ row: JSONValue) -> Int { row.counts("rejected").reduce(0) { $0 + $1.count } }

    // MARK: Help

    private var help: [String] {
        ["keys", ""]
            + [
                ("h a r d b l n", "sort by hashrate, accepted, rejected, difficulty, best share, last share, name; again turns it round"),
                ("s", "sort by the next of them"), ("/", "filter by name; Enter keeps it, Esc drops it"), ("↑ ↓ PgUp PgDn", "scroll"),
                ("Space", "hold the picture"), ("?", "this list"), ("q", "quit"),
            ].map { key, meaning in "  \(style.bold(key))\(String(repeating: " ", count: max(1, 16 - key.count)))\(meaning)" }
    }

    private var footer: String {
        if state.isTyping { return "filter: \(state.filter)█" }
        if let trouble = figures.trouble { return style.bad(trouble) }
        let total = figures.workers.count
        let shown =
            state.filter.isEmpty
            ? (total == 1 ? "1 worker" : "\(Units.count(total)) workers")
            : "\(Self.chosen(figures.workers, state).count) of \(Units.count(total)) workers, filter \(state.filter.withoutControls)"
        let hold = state.isPaused ? "  held" : ""
        return style.faint("\(shown), by \(state.order.title)\(hold)   s sort  / filter  ? keys  q quit")
    }

    /// Cut to the screen's width; what colours a line has no width.
    private func fitted(_ line: String) -> String {
        var kept = ""
        var width = 0
        var isEscape = false
        for character in line {
            if character == "\u{1B}" { isEscape = true }
            if !isEscape {
                if width == columns { continue }
                width += 1
            }
            kept.append(character)
            if isEscape, character.isLetter { isEscape = false }
        }
        return kept
    }
}
