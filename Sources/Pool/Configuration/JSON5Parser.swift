/// Reads JSON5 (json5.org, version 1.0.0): comments, trailing commas, unquoted keys, single quotes, hexadecimal numbers.
///
/// Foundation's decoder reads JSON5 too, but says neither where a file is wrong nor that a key stands there twice, and traps on `2.5E-`
/// (Swift 6.3.1). Whoever edits a configuration needs better.
struct JSON5Parser {
    /// Deeper nesting is refused; no configuration comes near it.
    static let deepest = 64

    let bytes: [UInt8]
    var offset = 0
    private var depth = 0

    /// Reads a whole file: one value and nothing but white space and comments around it.
    static func parse(_ source: [UInt8]) throws(JSON5SyntaxError) -> JSON5Node {
        guard String(validating: source, as: UTF8.self) != nil else { throw JSON5SyntaxError(offset: 0, reason: "the file is not UTF-8 text") }
        var parser = JSON5Parser(bytes: source)
        try parser.skipBlanks()
        let node = try parser.value()
        try parser.skipBlanks()
        if parser.offset < source.count { throw parser.wrong("the file should end here") }
        return node
    }

    private init(bytes: [UInt8]) { self.bytes = bytes }

    var next: UInt8? { offset < bytes.count ? bytes[offset] : nil }

    func peek(_ distance: Int) -> UInt8? { offset + distance < bytes.count ? bytes[offset + distance] : nil }

    func wrong(_ reason: String) -> JSON5SyntaxError { JSON5SyntaxError(offset: offset, reason: reason) }

    mutating func take(_ byte: Character) -> Bool {
        guard next == byte.asciiValue else { return false }
        offset += 1
        return true
    }

    mutating func take(word: String) -> Bool {
        let word = Array(word.utf8)
        guard bytes[offset...].starts(with: word), !(peek(word.count).map(Self.isNamePart) ?? false) else { return false }
        offset += word.count
        return true
    }

    // MARK: White space and comments

    private mutating func skipBlanks() throws(JSON5SyntaxError) {
        while let byte = next {
            switch byte {
            case 0x09...0x0D, 0x20: offset += 1
            case 0x80... where wideBlank > 0: offset += wideBlank
            case UInt8(ascii: "/") where peek(1) == UInt8(ascii: "/"):
                while let byte = next, byte != 0x0A, byte != 0x0D { offset += 1 }
            case UInt8(ascii: "/") where peek(1) == UInt8(ascii: "*"): try skipBlockComment()
            default: return
            }
        }
    }

    /// The bytes of the white space outside ASCII that begins here; 0 where none does.
    private var wideBlank: Int {
        switch (next, peek(1), peek(2)) {
        case (0xC2, 0xA0, _): 2  // no-break space
        case (0xE2, 0x80, 0xA8), (0xE2, 0x80, 0xA9): 3  // line and paragraph separators
        case (0xEF, 0xBB, 0xBF): 3  // byte order mark
        default: 0
        }
    }

    private mutating func skipBlockComment() throws(JSON5SyntaxError) {
        let start = wrong("this comment is never closed with */")
        offset += 2
        while next != nil {
            if next == UInt8(ascii: "*"), peek(1) == UInt8(ascii: "/") {
                offset += 2
                return
            }
            offset += 1
        }
        throw start
    }

    // MARK: Values

    private mutating func value() throws(JSON5SyntaxError) -> JSON5Node {
        let start = offset
        return JSON5Node(value: try bareValue(), offset: start)
    }

    private mutating func bareValue() throws(JSON5SyntaxError) -> JSON5Value {
        guard let byte = next else { throw wrong("a value is missing: the file ends here") }
        switch byte {
        case UInt8(ascii: "{"): return try nested { parser throws(JSON5SyntaxError) in try parser.object() }
        case UInt8(ascii: "["): return try nested { parser throws(JSON5SyntaxError) in try parser.list() }
        case UInt8(ascii: "\""), UInt8(ascii: "'"): return .text(try text())
        case UInt8(ascii: "n") where take(word: "null"): return .null
        case UInt8(ascii: "t") where take(word: "true"): return .boolean(true)
        case UInt8(ascii: "f") where take(word: "false"): return .boolean(false)
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "I"), UInt8(ascii: "N"):
            return try number()
        default: throw wrong("a value should stand here: a number, \"text\", true, false, null, [ or {")
        }
    }

    private mutating func nested(
        _ body: (inout JSON5Parser) throws(JSON5SyntaxError) -> JSON5Value
    ) throws(JSON5SyntaxError) -> JSON5Value {
        guard depth < Self.deepest else { throw wrong("more than \(Self.deepest) lists and objects inside one another") }
        depth += 1
        offset += 1
        let value = try body(&self)
        depth -= 1
        return value
    }

    private mutating func object() throws(JSON5SyntaxError) -> JSON5Value {
        var members: [JSON5Member] = []
        var seen: Set<String> = []
        try skipBlanks()
        while !take("}") {
            let start = offset
            let name = try key()
            guard seen.insert(name).inserted else { throw JSON5SyntaxError(offset: start, reason: "the key \(name) stands here twice") }
            try skipBlanks()
            guard take(":") else { throw wrong("a colon should follow the key \(name)") }
            try skipBlanks()
            members.append(JSON5Member(name: name, offset: start, node: try value()))
            try skipBlanks()
            if take(",") { try skipBlanks() } else if next != UInt8(ascii: "}") { throw wrong("a comma or } should follow the value of \(name)") }
        }
        return .object(members)
    }

    private mutating func list() throws(JSON5SyntaxError) -> JSON5Value {
        var nodes: [JSON5Node] = []
        try skipBlanks()
        while !take("]") {
            nodes.append(try value())
            try skipBlanks()
            if take(",") { try skipBlanks() } else if next != UInt8(ascii: "]") { throw wrong("a comma or ] should follow here") }
        }
        return .list(nodes)
    }

    private mutating func key() throws(JSON5SyntaxError) -> String {
        if next == UInt8(ascii: "\"") || next == UInt8(ascii: "'") { return try text() }
        let start = offset
        while let byte = next, Self.isNamePart(byte), wideBlank == 0, !(offset == start && byte >= 0x30 && byte <= 0x39) { offset += 1 }
        guard offset > start else { throw wrong("a key or } should stand here") }
        return String(decoding: bytes[start..<offset], as: UTF8.self)
    }

    static func isNamePart(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"): true
        case UInt8(ascii: "_"), UInt8(ascii: "$"), 0x80...: true
        default: false
        }
    }
}

/// Why a file is not JSON5, and where.
struct JSON5SyntaxError: Error {
    var offset: Int
    var reason: String
}
