/// Where in a text something was found: `line` and `column` count from 1 (columns in bytes), `byte` from 0.
public struct JSONPosition: Sendable, Equatable {
    public var line: Int
    public var column: Int
    public var byte: Int

    public init(line: Int, column: Int, byte: Int) {
        self.line = line
        self.column = column
        self.byte = byte
    }
}

/// Why a text is no JSON, or a JSON value is not the one that was expected.
public enum JSONError: Error, Sendable, Equatable {
    /// The text breaks the grammar of RFC 8259.
    case syntax(JSONFault, at: JSONPosition)
    /// The text has more bytes than its reader allows.
    case tooLarge(limit: Int)
    /// Arrays and objects are nested deeper than the reader allows.
    case tooDeep(limit: Int, at: JSONPosition)
    /// An object lacks a member; `path` is like `result.transactions[3].fee`.
    case missing(path: String)
    /// A value has another type, or lies outside what its type holds.
    case mismatch(path: String, expected: String, found: String)
}

/// What is wrong with the grammar.
public enum JSONFault: String, Sendable, Equatable, CaseIterable {
    case endOfText = "the text ends too early"
    case unexpectedByte = "this byte cannot stand here"
    case trailingBytes = "there is something after the value"
    case badNumber = "this is not a number as JSON writes it"
    case numberTooLarge = "this number is too large for a double"
    case controlCharacter = "a control character in a string must be escaped"
    case badEscape = "this escape is not one of JSON's"
    case loneSurrogate = "half of a surrogate pair stands alone"
    case badUTF8 = "the string is not UTF-8"
}

extension JSONError: CustomStringConvertible {
    /// One line for a log or a reply.
    public var text: String {
        switch self {
        case .syntax(let fault, let at): "JSON, line \(at.line) column \(at.column) (byte \(at.byte)): \(fault.rawValue)"
        case .tooLarge(let limit): "JSON text is longer than \(limit) bytes"
        case .tooDeep(let limit, let at): "JSON, line \(at.line) column \(at.column) (byte \(at.byte)): nested deeper than \(limit)"
        case .missing(let path): "JSON: \(path) is missing"
        case .mismatch(let path, let expected, let found): "JSON: \(path) should be \(expected) but is \(found)"
        }
    }

    /// The name this error is counted under.
    public var label: String {
        switch self {
        case .syntax: "syntax"
        case .tooLarge: "too-large"
        case .tooDeep: "too-deep"
        case .missing: "missing"
        case .mismatch: "mismatch"
        }
    }

    public var description: String { text }
}
