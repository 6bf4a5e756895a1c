internal import JSON

/// `poolctl status`, one line a subject.
struct StatusView {
    private let value: JSONValue
    private let style: Style

    init(_ value: JSONValue, _ style: Style) {
        self.value = value
        self.style = style
    }

    var text: String {
        var lines = [headline, ""]
        lines.append(line("hashrate", hashrates))
        lines.append(line("shares", shares))
        let draining = value["draining"]?.bool == true ? ", " + style.bad("moved away, and nobody is taken") : ""
        lines.append(line("miners", "\(value.number("connections")) connected, \(workers) active\(draining)"))
        lines.append(line("blocks", blocks))
        if let difficulty = value["networkDifficulty"]?.double { lines.append(line("network", "difficulty \(Units.difficulty(difficulty))")) }
        lines.append(line("ledger", ledger))
        lines += pay
        lines.append(line("engine", value.words("engine")))
        lines += nodes
        lines += auxiliaries
        return lines.map { $0 + "\n" }.joined()
    }

    private var headline: String {
        let uptime = value["uptime"]?.double.map(Units.duration) ?? "–"
        return style.bold("Motherlode \(value.words("version"))") + ", chain \(value.words("chain")), height \(value.number("height")), up \(uptime)"
    }

    private var workers: String {
        value["workers"]?.integer == 1 ? "1 worker" : "\(value.number("workers")) workers"
    }

    private var hashrates: String {
        (value["hashrate"]?.object?.members ?? []).map { member in
            "\(style.faint(member.key)) \(Units.hashrate(member.value.double ?? 0))"
        }.joined(separator: "  ")
    }

    private var shares: String {
        let accepted = "\(value.number("accepted")) accepted"
        let rejected = value.counts("rejected")
        guard !rejected.isEmpty else { return accepted + ", none rejected" }
        let total = rejected.reduce(0) { $0 + $1.count }
        let ratio = Double(total) / Double(total + Int(value["accepted"]?.integer ?? 0))
        let reasons = rejected.map { "\($0.name) \(Units.count($0.count))" }.joined(separator: ", ")
        return "\(accepted), \(Units.count(total)) rejected (\(Units.percent(ratio))): \(reasons)"
    }

    private var blocks: String {
        var parts = ["\(value.number("blocks")) found"]
        if let seconds = value["expectedSeconds"]?.double {
            parts.append(seconds < 1 ? "one in less than a second" : "one in about \(Units.duration(seconds))")
        }
        if let effort = value["effort"]?.double { parts.append("effort \(Units.percent(effort))") }
        if let luck = value["luck"]?.double { parts.append("luck \(Units.percent(luck))") }
        if let best = value["bestShare"]?.double, best > 0 { parts.append("best share \(Units.difficulty(best))") }
        return parts.joined(separator: ", ")
    }

    private var ledger: String {
        let ledger = value["ledger"] ?? .null
        let durability =
            ledger["durability"]?.string == "full"
            ? "every acknowledged share is on disk" : style.bad("\(ledger.words("durability")): a power cut may lose the last shares")
        let pending = "\(ledger.number("pending")) waiting"
        if ledger["failure"]?.string != nil { return "\(style.bad("failing: \(ledger.words("failure"))")), \(pending)" }
        let trouble = ledger["trouble"]?.string == nil ? "" : ", " + style.bad(ledger.words("trouble"))
        return "\(durability), \(pending)\(trouble)"
    }

    private var pay: [String] {
        (value["pay"]?.array ?? []).enumerated().map { index, pay in
            var parts = "\(pay.words("chain"))  \(pay.words("scheme"))"
            if pay["reward"]?.isNull == false { parts += "  a block counts \(pay.coins("reward")), \(pay.coins("fees")) of it fees" }
            if pay["waiting"]?.bool == true { parts += "  " + style.bad("shares wait: the pool's own money is at its floor") }
            return line(index == 0 ? "pay" : "", parts)
        }
    }

    private var nodes: [String] {
        (value["nodes"]?.array ?? []).enumerated().map { index, node in
            let state = node.words("state")
            let shown = state == "ready" ? style.good(state) : style.bad(state)
            var parts = "\(node.words("url"))  \(shown)  height \(node.number("height"))"
            if node["active"]?.bool == true { parts += "  mined on" }
            if node["lastError"]?.string != nil, state != "ready" { parts += "  \(node.words("lastError"))" }
            return line(index == 0 ? "nodes" : "", parts)
        }
    }

    private var auxiliaries: [String] {
        (value["auxiliaries"]?.array ?? []).enumerated().map { index, chain in
            line(
                index == 0 ? "chains" : "",
                "\(chain.words("name"))  \(chain.words("state"))  height \(chain.number("height"))  found \(chain.number("found"))"
            )
        }
    }

    private func line(_ name: String, _ text: String) -> String {
        style.faint(name + String(repeating: " ", count: max(1, 10 - name.count))) + text
    }
}
