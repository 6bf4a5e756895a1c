/// What a program's table of commands can be turned into, for whoever packages it.
enum CommandDocument {
    /// The commands that print them, the same for every program.
    static let rows = [
        CommandRow(name: "completion", summary: "prints the shell's completion", operands: ["SHELL"], details: "SHELL is bash or zsh."),
        CommandRow(name: "manual", summary: "prints the manual page, for man"),
    ]

    /// The document that was asked for; nil where something else was.
    static func text(_ parsed: ParsedArguments, of table: CommandTable) throws(UsageError) -> String? {
        switch parsed.command.name {
        case "manual": return table.manual
        case "completion":
            switch parsed.operands.first {
            case "bash": return table.bashCompletion
            case "zsh": return table.zshCompletion
            default: throw UsageError("completion: \(JSON5Text.quote(parsed.operands.first ?? "")) is not allowed; allowed are bash and zsh")
            }
        default: return nil
        }
    }
}
