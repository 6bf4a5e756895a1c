/// What can be typed behind a program's name: one table makes the parser, the help and the completions.
struct CommandTable: Sendable {
    /// The program.
    var name: String
    /// What it is, one line.
    var summary: String
    /// Options that may stand in front of the command.
    var options: [OptionRow] = []
    var commands: [CommandRow]
    /// What the help says at its end.
    var closing = ""
}

/// A command.
struct CommandRow: Sendable {
    /// One or more words: `blocks`, `proof verify`.
    var name: String
    /// What it does, one line.
    var summary: String
    var options: [OptionRow] = []
    /// The names of what must stand behind it, in order.
    var operands: [String] = []
    /// The name of one that may stand behind these.
    var optionalOperand: String?
    /// More for its own help.
    var details = ""

    /// As they are typed, in order.
    var operandSpellings: [String] { operands + (optionalOperand.map { ["[\($0)]"] } ?? []) }

    var words: [String] { name.split(separator: " ").map(String.init) }
}

/// An option, `--name` or `--name VALUE`.
struct OptionRow: Sendable {
    /// Without the dashes.
    var name: String
    /// What stands for the value in the help; nil for an option without one.
    var value: String?
    var summary: String
    var isRequired = false
    /// Options that cannot stand beside it.
    var excludes: [String] = []

    init(_ name: String, value: String? = nil, isRequired: Bool = false, excludes: [String] = [], _ summary: String) {
        self.name = name
        self.value = value
        self.isRequired = isRequired
        self.excludes = excludes
        self.summary = summary
    }

    /// As it is typed.
    var spelling: String { value.map { "--\(name) \($0)" } ?? "--\(name)" }
}

/// Arguments that a table understood: values are still text.
struct ParsedArguments: Sendable {
    var command: CommandRow
    /// By option name, the program's options and the command's; empty text for an option without value.
    var options: [String: String] = [:]
    var operands: [String] = []

    func has(_ option: String) -> Bool { options[option] != nil }
}

/// What came of the arguments.
enum ParseOutcome: Sendable {
    case arguments(ParsedArguments)
    /// Help was asked for: print it and end with 0.
    case help(String)
}

/// Arguments that cannot be used. The program prints the message and ends with exit code 2.
public struct UsageError: Error, Sendable, Equatable, CustomStringConvertible {
    /// Names the argument, its value and what would be right.
    public var description: String

    public init(_ description: String) { self.description = description }
}
