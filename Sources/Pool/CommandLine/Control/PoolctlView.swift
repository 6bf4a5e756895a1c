internal import JSON

/// Shows what the pool answered to a reading command.
struct PoolctlView {
    private let command: String

    init(_ command: String) { self.command = command }

    /// - Parameter now: Unix seconds, from which ages are counted.
    func text(_ value: JSONValue, hasColour: Bool, now: Int) -> String {
        let style = Style(hasColour: hasColour)
        let rows = value.array ?? []
        switch command {
        case "miners": return table(Self.minerColumns, rows, now, style, empty: "no miner is connected")
        case "workers": return table(Self.workerColumns, rows, now, style, empty: "no worker has sent a share yet")
        case "blocks": return table(Self.blockColumns, rows, now, style, empty: "no block was found yet")
        case "aux": return table(Self.auxiliaryColumns, rows, now, style, empty: "no auxiliary chain is configured")
        case "aux blocks": return table(Self.auxiliaryBlockColumns, rows, now, style, empty: "no block of an auxiliary chain was found yet")
        case "aux forks": return ForkReportView(value, style).text
        case "rounds": return table(Self.roundColumns, rows, now, style, empty: "no round was closed yet")
        case "balances": return table(Self.balanceColumns, rows, now, style, empty: "nothing was credited yet")
        case "accounts": return table(Self.accountColumns, rows, now, style, empty: "no account has sent a share yet")
        case "shares": return table(Self.shareColumns, rows, now, style, empty: "no share was stored then")
        case "bans": return table(Self.banColumns, rows, now, style, empty: "no address is banned")
        case "payouts status": return table(Self.payoutColumns, rows, now, style, empty: "nobody was paid yet")
        case "payouts plan": return plans(rows, now, style)
        default: return StatusView(value, style).text
        }
    }

    /// A column of a table, and how its cells are made of a row's JSON.
    struct Column {
        var layout: TextTable.Column
        var cell: (JSONValue, _ now: Int) -> String

        init(_ title: String, isNumber: Bool = false, limit: Int? = nil, _ cell: @escaping (JSONValue, Int) -> String) {
            layout = TextTable.Column(title: title, isNumber: isNumber, limit: limit)
            self.cell = cell
        }
    }

    func table(_ columns: [Column], _ rows: [JSONValue], _ now: Int, _ style: Style, empty: String) -> String {
        guard !rows.isEmpty else { return empty + "\n" }
        let cells = rows.map { row in columns.map { $0.cell(row, now) } }
        return TextTable(columns: columns.map(\.layout), rows: cells).text(bold: style.bold)
    }

    private static var minerColumns: [Column] {
        [
            Column("connection", isNumber: true) { row, _ in row.number("connection") },
            Column("address") { row, _ in row.words("address") },
            Column("worker", limit: 40) { row, _ in row.workerName },
            Column("difficulty", isNumber: true) { row, _ in row.difficulty },
            Column("connected") { row, now in row.age("since", now) },
            Column("last share") { row, now in row.age("lastShare", now) },
            Column("agent", limit: 40) { row, _ in row.words("agent") },
        ]
    }

    private static var workerColumns: [Column] {
        [
            Column("worker", limit: 64) { row, _ in row.workerName },
            Column("1 min", isNumber: true) { row, _ in row.hashrate("1m") },
            Column("1 h", isNumber: true) { row, _ in row.hashrate("1h") },
            Column("1 d", isNumber: true) { row, _ in row.hashrate("1d") },
            Column("accepted", isNumber: true) { row, _ in row.number("accepted") },
            Column("rejected", isNumber: true) { row, _ in Units.count(row.counts("rejected").reduce(0) { $0 + $1.count }) },
            Column("sabotage", isNumber: true) { row, _ in row.number("sabotage") },
            Column("difficulty", isNumber: true) { row, _ in row.difficulty },
            Column("best", isNumber: true) { row, _ in row["bestShare"]?.double.map(Units.difficulty) ?? "–" },
            Column("last share") { row, now in row.age("lastShare", now) },
        ]
    }

    private static var auxiliaryColumns: [Column] {
        [
            Column("chain") { row, _ in row.words("name") },
            Column("kind") { row, _ in row.words("kind") },
            Column("state") { row, _ in row.words("state") },
            Column("height", isNumber: true) { row, _ in row.number("height") },
            Column("difficulty", isNumber: true) { row, _ in row.difficulty },
            Column("work age", isNumber: true) { row, _ in row["workAge"]?.double.map(Units.duration) ?? "–" },
            Column("found", isNumber: true) { row, _ in row.number("found") },
            Column("accepted", isNumber: true) { row, _ in row.number("accepted") },
            Column("uncles", isNumber: true) { row, _ in row.number("uncle") },
            Column("stale", isNumber: true) { row, _ in row.number("stale") },
            Column("rejected", isNumber: true) { row, _ in row.number("rejected") },
            Column("trouble", limit: 60) { row, _ in row.trouble },
        ]
    }

    private static var auxiliaryBlockColumns: [Column] {
        [
            Column("chain") { row, _ in row.words("chain") },
            Column("height", isNumber: true) { row, _ in row.number("height") },
            Column("found") { row, now in row.age("time", now) },
            Column("state") { row, _ in row.words("state") },
            Column("answer", limit: 24) { row, _ in row.words("answer") },
            Column("worker", limit: 24) { row, _ in row.words("worker") },
            Column("hash") { row, _ in row.words("hash") },
        ]
    }

    private static var blockColumns: [Column] {
        [
            Column("height", isNumber: true) { row, _ in row.number("height") },
            Column("found") { row, now in row.age("time", now) },
            Column("state") { row, _ in row.words("state") },
            Column("reward", isNumber: true) { row, _ in row["reward"]?.integer.map { Units.coins(Int($0)) } ?? "–" },
            Column("effort", isNumber: true) { row, _ in row["effort"]?.double.map(Units.percent) ?? "–" },
            Column("worker", limit: 24) { row, _ in row.words("worker") },
            Column("hash") { row, _ in row.words("hash") },
        ]
    }
}

/// Colour where it is wanted.
struct Style {
    var hasColour: Bool

    func bold(_ text: String) -> String { hasColour ? "\u{1B}[1m\(text)\u{1B}[0m" : text }
    func faint(_ text: String) -> String { hasColour ? "\u{1B}[2m\(text)\u{1B}[0m" : text }
    func good(_ text: String) -> String { hasColour ? "\u{1B}[32m\(text)\u{1B}[0m" : text }
    func bad(_ text: String) -> String { hasColour ? "\u{1B}[31m\(text)\u{1B}[0m" : text }
}

/// A row's members as a person reads them; `–` for what is not there.
extension JSONValue {
    func words(_ key: String) -> String {
        guard let text = self[key]?.string, !text.isEmpty else { return "–" }
        return text.withoutControls
    }

    func number(_ key: String) -> String { self[key]?.integer.map { Units.count(Int($0)) } ?? "–" }

    func age(_ key: String, _ now: Int) -> String { self[key]?.integer.map { Units.age(Int($0), now: now) } ?? "–" }

    func hashrate(_ span: String) -> String { self["hashrate"]?[span]?.double.map(Units.hashrate) ?? "–" }

    /// What keeps an auxiliary chain from paying.
    var trouble: String {
        if let needed = self["neededDifficulty"]?.double {
            return "needs share difficulty \(Units.difficulty(needed)) on \(number("hiddenFrom")) connections"
        }
        return words("lastError")
    }

    var difficulty: String { self["difficulty"]?.double.map(Units.difficulty) ?? "–" }

    var workerName: String {
        switch (self["account"]?.string ?? "", self["worker"]?.string ?? "") {
        case ("", ""): "–"
        case (let account, ""): account
        case (let account, let worker): "\(account).\(worker)"
        }
    }

    /// Counts by name that are not zero.
    func counts(_ key: String) -> [(name: String, count: Int)] {
        (self[key]?.object?.members ?? []).compactMap { member in
            guard let count = member.value.integer, count > 0 else { return nil }
            return (member.key, Int(count))
        }
    }
}
