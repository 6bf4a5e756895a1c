/// The commented example that `poold config` prints: every key with its meaning, what is allowed, and its default.
///
/// It is written from the key table, and is itself a configuration that ``PoolConfiguration`` reads.
public enum ConfigurationExample {
    public static var text: String {
        var writer = Writer()
        writer.comment(
            """
            Motherlode's configuration, JSON5: comments, trailing commas and unquoted keys are welcome.
            Every key stands here with its default, or with an example where it has none. Most can be left out.
            Check a file with: poold check --config FILE
            """
        )
        writer.line("{")
        writer.indented { writer in
            for key in ConfigurationTable.root.facts { writer.write(key) }
        }
        writer.line("}")
        return writer.text
    }

    private struct Writer {
        private(set) var text = ""
        private var depth = 0
        /// The depth of the part that only shows what could stand there; nil outside of one.
        private var commentedFrom: Int?
        private static let width = 116

        mutating func line(_ line: String) {
            let outer = String(repeating: "    ", count: commentedFrom ?? depth)
            let inner = commentedFrom.map { "// " + String(repeating: "    ", count: depth - $0) } ?? ""
            text += (line.isEmpty ? "" : outer + inner + line) + "\n"
        }

        mutating func indented(_ body: (inout Writer) -> Void) {
            depth += 1
            body(&self)
            depth -= 1
        }

        mutating func comment(_ comment: String) {
            for paragraph in comment.split(separator: "\n") {
                var line = "//"
                for word in paragraph.split(separator: " ") {
                    if line.count + word.count >= Self.width - 4 * depth {
                        self.line(line)
                        line = "//"
                    }
                    line += " " + word
                }
                self.line(line)
            }
        }

        mutating func write(_ key: KeyFacts) {
            if depth == 1 { line("") }
            comment(key.text)
            if commentedFrom == nil { comment(key.note) }
            switch key.shape {
            case .scalar: line("\(key.name): \(key.example ?? key.fallback ?? "null"),")
            case .object where key.fallback != "null": open(key, "{", "},") { writer in writer.members(key) }
            case .object:
                line("\(key.name): null,")
                commentedOut { writer in writer.open(key, "{", "},") { writer in writer.members(key) } }
            case .list where key.example == "[]":
                line("\(key.name): [],")
                commentedOut { writer in writer.open(key, "[", "],") { writer in writer.element(key) } }
            case .list: open(key, "[", "],") { writer in writer.element(key) }
            }
        }

        private mutating func open(_ key: KeyFacts, _ opening: String, _ closing: String, _ body: (inout Writer) -> Void) {
            line("\(key.name): \(opening)")
            indented(body)
            line(closing)
        }

        private mutating func element(_ key: KeyFacts) {
            line("{")
            indented { writer in writer.members(key) }
            line("},")
        }

        private mutating func members(_ key: KeyFacts) {
            for child in key.children { write(child) }
        }

        private mutating func commentedOut(_ body: (inout Writer) -> Void) {
            let before = commentedFrom
            commentedFrom = before ?? depth
            body(&self)
            commentedFrom = before
        }
    }
}

extension KeyFacts {
    /// What is allowed, the default, and whether the key does anything yet: one line.
    var note: String {
        var note = "Allowed: \(allowed). "
        switch (fallback, shape) {
        case (nil, _): note += "Must be given."
        case (.some(let fallback), .scalar): note += "Default: \(fallback)."
        case (.some("null"), _), (.some("[]"), _): note += "Default: \(fallback ?? "")."
        default: note = shape == .object ? "" : "Allowed: \(allowed)."
        }
        switch availability {
        case .now: break
        case .inert: note += " Checked, but without effect in this version."
        case .refused: note += " Not in this version yet: anything but the default is refused."
        }
        return note
    }
}
