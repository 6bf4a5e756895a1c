/// What a reader of JSON is willing to take.
public struct JSONLimits: Sendable {
    /// The longest text, in bytes.
    public var bytes: Int
    /// How deep arrays and objects may be nested.
    public var depth: Int

    public init(bytes: Int = 64 << 20, depth: Int = 128) {
        self.bytes = bytes
        self.depth = depth
    }
}

extension JSONValue {
    /// Reads one value; white space around it is allowed, anything else is not.
    public init(parsing bytes: Span<UInt8>, limits: JSONLimits = JSONLimits()) throws(JSONError) {
        guard bytes.count <= limits.bytes else { throw .tooLarge(limit: limits.bytes) }
        var parser = JSONParser(bytes, depth: limits.depth)
        do {
            self = try parser.document()
        } catch {
            throw error.located(in: bytes)
        }
    }

    public init(parsing bytes: [UInt8], limits: JSONLimits = JSONLimits()) throws(JSONError) {
        try self.init(parsing: bytes.span, limits: limits)
    }

    public init(parsing text: String, limits: JSONLimits = JSONLimits()) throws(JSONError) {
        try self.init(parsing: Array(text.utf8), limits: limits)
    }
}

/// A recursive-descent reader of RFC 8259, one pass over the bytes.
///
/// It is written here because a block template must become a job within 50 ms: libjansson takes 11 ns a byte, thus 55 ms for a full template before
/// anything of it was looked at. Here strings, which are nearly all of a template, are crossed eight bytes at a time (`JSONParser+String`).
struct JSONParser: ~Escapable {
    let bytes: Span<UInt8>
    var position = 0
    private var depth = 0
    private let maximumDepth: Int

    @_lifetime(copy bytes)
    init(_ bytes: Span<UInt8>, depth: Int) {
        self.bytes = bytes
        maximumDepth = depth
    }

    /// What went wrong, and at which byte; lines and columns are counted only once it has.
    struct Failure: Error {
        var fault: JSONFault?
        var byte: Int
        var depthLimit = 0

        func located(in bytes: Span<UInt8>) -> JSONError {
            var line = 1
            var lineStart = 0
            for index in 0..<min(byte, bytes.count) where bytes[index] == 0x0a {
                line += 1
                lineStart = index + 1
            }
            let position = JSONPosition(line: line, column: byte - lineStart + 1, byte: byte)
            return if let fault { .syntax(fault, at: position) } else { .tooDeep(limit: depthLimit, at: position) }
        }
    }

    mutating func document() throws(Failure) -> JSONValue {
        skipSpace()
        let value = try value()
        skipSpace()
        guard position == bytes.count else { throw fault(.trailingBytes) }
        return value
    }

    private mutating func value() throws(Failure) -> JSONValue {
        switch try next() {
        case UInt8(ascii: "{"): return .object(try object())
        case UInt8(ascii: "["): return .array(try array())
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "t"): return try word("true", .bool(true))
        case UInt8(ascii: "f"): return try word("false", .bool(false))
        case UInt8(ascii: "n"): return try word("null", .null)
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return try number()
        default: throw fault(.unexpectedByte)
        }
    }

    private mutating func object() throws(Failure) -> JSONObject {
        var object = JSONObject()
        try enter()
        if try next() == UInt8(ascii: "}") { return leave(with: object) }
        while true {
            guard try next() == UInt8(ascii: "\"") else { throw fault(.unexpectedByte) }
            let key = try string()
            skipSpace()
            guard try next() == UInt8(ascii: ":") else { throw fault(.unexpectedByte) }
            position += 1
            skipSpace()
            object[key] = try value()
            if try !separated(before: UInt8(ascii: "}")) { return leave(with: object) }
        }
    }

    private mutating func array() throws(Failure) -> [JSONValue] {
        var elements: [JSONValue] = []
        try enter()
        if try next() == UInt8(ascii: "]") { return leave(with: elements) }
        while true {
            elements.append(try value())
            if try !separated(before: UInt8(ascii: "]")) { return leave(with: elements) }
        }
    }

    /// Steps over the opening bracket.
    private mutating func enter() throws(Failure) {
        guard depth < maximumDepth else { throw Failure(fault: nil, byte: position, depthLimit: maximumDepth) }
        depth += 1
        position += 1
        skipSpace()
    }

    /// Steps over the closing bracket.
    private mutating func leave<Contents>(with contents: Contents) -> Contents {
        depth -= 1
        position += 1
        return contents
    }

    /// After an element: true when a comma was stepped over, false at the closing bracket.
    private mutating func separated(before end: UInt8) throws(Failure) -> Bool {
        skipSpace()
        switch try next() {
        case UInt8(ascii: ","):
            position += 1
            skipSpace()
            return true
        case end: return false
        default: throw fault(.unexpectedByte)
        }
    }

    private mutating func word(_ spelling: StaticString, _ value: JSONValue) throws(Failure) -> JSONValue {
        for offset in 0..<spelling.utf8CodeUnitCount {
            guard try next() == spelling.utf8Start[offset] else { throw fault(.unexpectedByte) }
            position += 1
        }
        return value
    }

    /// The byte at the position, which must exist.
    func next() throws(Failure) -> UInt8 {
        guard position < bytes.count else { throw fault(.endOfText) }
        return bytes[position]
    }

    func fault(_ fault: JSONFault) -> Failure { Failure(fault: fault, byte: position) }

    private mutating func skipSpace() {
        while position < bytes.count {
            switch bytes[position] {
            case 0x20, 0x0a, 0x0d, 0x09: position += 1
            default: return
            }
        }
    }
}
