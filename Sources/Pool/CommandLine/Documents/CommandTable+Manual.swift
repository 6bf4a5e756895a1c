extension CommandTable {
    /// The manual page, in the macros of man(7).
    var manual: String {
        var text = """
            .TH \(name.uppercased()) 1 "" "Motherlode \(Motherlode.version)" "Motherlode"
            .SH NAME
            \(name) \\- \(Self.escaped(summary))
            .SH SYNOPSIS
            .B \(name)
            \(options.isEmpty ? "" : "[\\fIoptions\\fR] ")\\fIcommand\\fR [\\fIarguments\\fR]

            """
        if !options.isEmpty { text += ".SH OPTIONS\n" + options.map(Self.item).joined() }
        text += ".SH COMMANDS\n"
        for command in commands {
            text += ".SS \"\(Self.escaped(usage(of: command)))\"\n\(Self.sentence(command.summary))\n"
            if !command.details.isEmpty { text += Self.paragraphs(command.details) }
            text += command.options.map(Self.item).joined()
        }
        if !closing.isEmpty { text += ".SH NOTES\n" + Self.paragraphs(closing, isFirst: true) }
        let other = name == "poold" ? "poolctl" : "poold"
        return text + ".SH SEE ALSO\n.BR \(other) (1)\n"
    }

    private static func item(_ option: OptionRow) -> String {
        let value = option.value.map { " \\fI\(escaped($0))\\fR" } ?? ""
        return ".TP\n\\fB\(escaped("--" + option.name))\\fR\(value)\n\(sentence(option.summary))\n"
    }

    private static func paragraphs(_ text: String, isFirst: Bool = false) -> String {
        let lines = text.split(separator: "\n").map { escaped(String($0)) }
        return (isFirst ? "" : ".PP\n") + lines.joined(separator: "\n.PP\n") + "\n"
    }

    private static func sentence(_ text: String) -> String {
        escaped(text.prefix(1).uppercased() + text.dropFirst() + (text.hasSuffix(".") ? "" : "."))
    }

    /// A dash that is typed, a backslash that is shown, and no line that a macro could begin.
    private static func escaped(_ text: String) -> String {
        let safe = text.replacing("\\", with: "\\e").replacing("-", with: "\\-")
        return safe.hasPrefix(".") || safe.hasPrefix("'") ? "\\&" + safe : safe
    }
}
