extension CommandTable {
    /// The whole program's help, or one command's.
    func help(for command: CommandRow?) -> String {
        guard let command else { return overview }
        var text = "\(name) \(command.name): \(command.summary)\n\nusage: \(usage(of: command))\n"
        if !command.details.isEmpty { text += "\n\(command.details)\n" }
        text += section("options", command.options)
        text += section("options of every command", options)
        return text
    }

    /// One line: what to type.
    func usage(of command: CommandRow) -> String {
        var usage = [name] + command.words
        for option in command.options where option.isRequired { usage.append(option.spelling) }
        usage += command.operandSpellings
        if command.options.contains(where: { !$0.isRequired }) || !options.isEmpty { usage.append("[options]") }
        return usage.joined(separator: " ")
    }

    private var overview: String {
        var text = "\(name): \(summary)\n\nusage: \(name)\(options.isEmpty ? "" : " [options]") COMMAND\n\ncommands:\n"
        text += columns(commands.map { (([$0.name] + $0.operandSpellings).joined(separator: " "), $0.summary) })
        text += section("options", options)
        text += "\n\(name) COMMAND --help says more about a command.\n"
        if !closing.isEmpty { text += "\n\(closing)\n" }
        return text
    }

    private func section(_ title: String, _ rows: [OptionRow]) -> String {
        rows.isEmpty ? "" : "\n\(title):\n" + columns(rows.map { ($0.spelling, $0.summary) })
    }

    private func columns(_ rows: [(String, String)]) -> String {
        let width = min(28, rows.map(\.0.count).max() ?? 0)
        return rows.map { left, right in
            // A long left column keeps a line of its own.
            let gap = left.count <= width ? String(repeating: " ", count: width - left.count + 2) : "\n" + String(repeating: " ", count: width + 4)
            return "  \(left)\(gap)\(right)\n"
        }.joined()
    }
}
