internal import JSON

/// `poolctl aux forks`, of a running pool or of a recording.
struct ForkReportView {
    private let value: JSONValue
    private let style: Style

    init(_ value: JSONValue, _ style: Style) {
        self.value = value
        self.style = style
    }

    var text: String {
        var lines = [headline, ""]
        for raised in value["raised"]?.array ?? [] {
            lines.append("raised at \(raised.number("parentHeight"))  \(raised.words("kind")): \(raised.words("text"))")
        }
        for alarm in value["alarms"]?.array ?? [] { lines.append(style.bad("alarm  \(alarm.words("kind")): \(alarm.words("text"))")) }
        if value["alarms"]?.array?.isEmpty != false { lines.append(style.good("no alarm")) }
        if value["lastError"]?.string != nil { lines.append(style.bad("the last look failed: \(value.words("lastError"))")) }
        lines.append("")
        return lines.map { $0 + "\n" }.joined() + table.text(bold: style.bold)
    }

    private var headline: String {
        let seen = "\(value.number("tagged")) parent blocks with an RSK tag, \(value.number("untagged")) without"
        return "\(seen), up to height \(value.number("parentHeight")), of the last \(value.number("window"))"
    }

    private var table: TextTable {
        let branches = [value["main"] ?? .null] + (value["branches"]?.array ?? [])
        let rows = branches.enumerated().map { index, branch in
            [
                index == 0 ? "main" : branch.number("id"), branch.number("sightings"), branch["share"]?.double.map(Units.percent) ?? "–",
                branch.number("height"), parted(branch), branch.number("lastParent"), branch.words("hash"),
            ]
        }
        return TextTable(
            columns: [
                .init(title: "branch"), .init(title: "tags", isNumber: true), .init(title: "share", isNumber: true),
                .init(title: "RSK height", isNumber: true), .init(title: "parted"), .init(title: "last parent", isNumber: true),
                .init(title: "last tag"),
            ],
            rows: rows
        )
    }

    private func parted(_ branch: JSONValue) -> String {
        guard branch["from"]?.integer != nil else { return "–" }
        return "\(branch.number("from")) – \(branch.number("to"))"
    }
}
