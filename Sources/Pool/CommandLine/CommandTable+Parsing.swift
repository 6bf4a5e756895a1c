extension CommandTable {
    /// Reads the arguments behind the program's name.
    func parse(_ arguments: [String]) throws(UsageError) -> ParseOutcome {
        var rest = arguments[...]
        var given: [String: String] = [:]
        var words: [String] = []
        var command: CommandRow?
        var wantsHelp = false
        var optionsEnded = false

        while let argument = rest.popFirst() {
            if !optionsEnded, argument == "--" {
                optionsEnded = true
            } else if !optionsEnded, argument == "--help" || argument == "-h" {
                wantsHelp = true
            } else if !optionsEnded, argument.hasPrefix("-"), argument != "-" {
                let (name, value) = try option(argument, &rest, of: command)
                guard given.updateValue(value, forKey: name) == nil else { throw UsageError("--\(name) is given twice") }
            } else {
                words.append(argument)
                // `aux blocks` is longer than `aux`: the longest name that fits wins.
                if let longer = commands.first(where: { $0.words == words }) { command = longer }
            }
        }

        if words.first == "help" {
            wantsHelp = true
            words.removeFirst()
            command = commands.last { $0.words == Array(words.prefix($0.words.count)) }
        }
        if wantsHelp, words.isEmpty || command != nil { return .help(help(for: command)) }
        guard !words.isEmpty else { throw UsageError("no command is given\n\n\(help(for: nil))") }
        guard let command else { throw unknownCommand(words) }
        let operands = Array(words.dropFirst(command.words.count))
        try check(operands, given, of: command)
        return .arguments(ParsedArguments(command: command, options: given, operands: operands))
    }

    /// Reads `--name`, `--name VALUE` or `--name=VALUE`.
    private func option(
        _ argument: String,
        _ rest: inout ArraySlice<String>,
        of command: CommandRow?
    ) throws(UsageError) -> (name: String, value: String) {
        let parts = argument.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        // Options may stand in front of their command, so those of every command are understood; `check` looks whose they are.
        let known = options + (command?.options ?? commands.flatMap(\.options))
        guard parts[0].hasPrefix("--"), let row = known.first(where: { "--" + $0.name == parts[0] }) else {
            throw unknownOption(parts[0], known, command)
        }
        guard row.value != nil else {
            guard parts.count == 1 else { throw UsageError("--\(row.name) takes no value, but \(quoted(parts[1])) stands behind it") }
            return (row.name, "")
        }
        if parts.count == 2 { return (row.name, parts[1]) }
        guard let value = rest.first, !value.hasPrefix("--") else { throw UsageError("--\(row.name) needs a value: \(row.spelling)") }
        rest.removeFirst()
        return (row.name, value)
    }

    private func check(_ operands: [String], _ given: [String: String], of command: CommandRow) throws(UsageError) {
        let mine = options + command.options
        for name in given.keys.sorted() {
            guard let row = mine.first(where: { $0.name == name }) else { throw unknownOption("--\(name)", mine, command) }
            if let other = row.excludes.first(where: { given[$0] != nil }) {
                throw UsageError("--\(name) and --\(other) cannot stand together; give one of them")
            }
        }
        if let missing = command.options.first(where: { $0.isRequired && given[$0.name] == nil }) {
            throw UsageError("\(missing.spelling) is missing: \(usage(of: command))")
        }
        if operands.count < command.operands.count {
            throw UsageError("\(command.operands[operands.count]) is missing: \(usage(of: command))")
        }
        let most = command.operands.count + (command.optionalOperand == nil ? 0 : 1)
        if operands.count > most {
            let subcommands = commands.filter { $0.name.hasPrefix(command.name + " ") }.map(\.name)
            let near = NearestName.find(command.name + " " + operands[0], among: subcommands).map { "; did you mean \(quoted($0))?" } ?? ""
            throw UsageError("\(quoted(operands[most])) is one argument too many\(near)\nusage: \(usage(of: command))")
        }
    }

    private func unknownCommand(_ words: [String]) -> UsageError {
        let firstWords = Set(commands.map { $0.words[0] })
        let typed = firstWords.contains(words[0]) ? words.joined(separator: " ") : words[0]
        let near = NearestName.find(typed, among: commands.map(\.name)) ?? NearestName.find(words[0], among: firstWords.sorted())
        let question = near.map { "; did you mean \(quoted($0))?" } ?? ""
        let names = commands.map(\.name).joined(separator: ", ")
        return UsageError("\(quoted(typed)) is not a command of \(name)\(question)\ncommands: \(names)")
    }

    private func unknownOption(_ typed: String, _ known: [OptionRow], _ command: CommandRow?) -> UsageError {
        let near = NearestName.find(typed, among: known.map { "--" + $0.name }).map { "; did you mean \($0)?" } ?? ""
        let owner = command.map { "\(name) \($0.name)" } ?? name
        return UsageError("\(quoted(typed)) is not an option of \(owner)\(near)\nsee: \(owner) --help")
    }

    private func quoted(_ text: String) -> String { JSON5Text.quote(text) }
}
