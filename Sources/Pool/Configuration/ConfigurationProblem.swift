/// One thing wrong with a configuration: where, what stands there, and what would be right.
public struct ConfigurationProblem: Sendable, Equatable {
    /// The key, as `stratum[0].difficulty.start`; empty where the file as a whole is meant.
    public var path: String
    /// What stands there, short and without secrets; nil where nothing does.
    public var value: String?
    /// What is wrong and what would be right.
    public var reason: String
    /// The place in the file, both counted from 1; nil where there is none to name.
    public var line: Int?
    public var column: Int?

    /// One line for a person: `pool.json5:12:5: instance: 300 is not allowed; allowed is a whole number from 0 to 255`.
    public func text(file: String) -> String {
        var text = file
        if let line, let column { text += ":\(line):\(column)" }
        if !path.isEmpty { text += ": \(path)" }
        if let value { text += ": \(value)" }
        return JSON5Text.visible(text + (value == nil ? ": " : " ") + reason)
    }
}

/// Why a configuration cannot be used. The program ends with exit code 2 after printing it.
public struct ConfigurationError: Error, Sendable {
    public var file: String
    /// Everything that is wrong, in the file's order: an operator mends all of it at once.
    public var problems: [ConfigurationProblem]
}

extension ConfigurationError: CustomStringConvertible {
    public var description: String {
        problems.map { $0.text(file: file) }.joined(separator: "\n")
    }
}
