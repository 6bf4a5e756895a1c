/// One JSON5 value and where it begins in its file, so that a message can point at it.
struct JSON5Node: Sendable {
    var value: JSON5Value
    /// Bytes from the start of the file.
    var offset: Int
}

/// What JSON5 can say.
enum JSON5Value: Sendable {
    case null
    case boolean(Bool)
    /// A number without a fraction that fits 64 bits, however it was written (`1e3` is 1000).
    case integer(Int64)
    /// Any other number, infinities and NaN included.
    case number(Double)
    case text(String)
    case list([JSON5Node])
    /// Members in the file's order.
    case object([JSON5Member])
}

/// A key and its value.
struct JSON5Member: Sendable {
    var name: String
    /// Where the key begins.
    var offset: Int
    var node: JSON5Node
}

extension JSON5Value {
    /// The value as a message shows it: short, on one line.
    var brief: String {
        switch self {
        case .null: "null"
        case .boolean(let flag): flag ? "true" : "false"
        case .integer(let integer): String(integer)
        case .number(let number): JSON5Text.number(number)
        case .text(let text): JSON5Text.quote(text.count <= 80 ? text : text.prefix(77) + "...")
        case .list(let nodes): nodes.isEmpty ? "[]" : "[…]"
        case .object(let members): members.isEmpty ? "{}" : "{…}"
        }
    }
}

/// How values are written back.
enum JSON5Text {
    /// A number in its shortest form; whole ones without a fraction.
    static func number(_ number: Double) -> String {
        guard number.isFinite else { return number.isNaN ? "NaN" : number < 0 ? "-Infinity" : "Infinity" }
        if let integer = Int64(exactly: number), abs(number) < 1e15 { return String(integer) }
        return "\(number)"
    }

    /// A string in double quotes, with control characters escaped so that nothing in it reaches a terminal raw.
    static func quote(_ text: some StringProtocol) -> String {
        var quoted = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": quoted += "\\\""
            case "\\": quoted += "\\\\"
            case "\n": quoted += "\\n"
            case "\t": quoted += "\\t"
            default: append(scalar, to: &quoted)
            }
        }
        return quoted + "\""
    }

    /// The text with its control characters escaped: keys, too, come from a file and go to a terminal.
    static func visible(_ text: String) -> String {
        var visible = ""
        for scalar in text.unicodeScalars { append(scalar, to: &visible) }
        return visible
    }

    private static func append(_ scalar: Unicode.Scalar, to text: inout String) {
        guard scalar.properties.generalCategory == .control || scalar == "\u{2028}" || scalar == "\u{2029}" else {
            text.unicodeScalars.append(scalar)
            return
        }
        let hex = String(scalar.value, radix: 16)
        text += "\\u" + String(repeating: "0", count: max(0, 4 - hex.count)) + hex
    }
}
