import JSON

/// A line from a miner, read by the JSON reader.
enum Message: Equatable {
    case request(Request)
    /// An answer to a question of ours, or something with neither method nor result.
    case response(id: JSONValue, result: JSONValue)

    struct Request: Equatable {
        var id: RequestID
        var method: String
        /// What stood for "params"; an empty array when nothing or null did.
        var params: JSONValue

        /// The parameter at an index of an array.
        subscript(_ index: Int) -> JSONValue? { params[index] }
    }
}

/// The id of a request as JSON text, exactly as received: firmware sends integers, strings and null, and looks for the same again.
struct RequestID: Equatable, Sendable {
    /// Longer ones are refused: a reply keeps its id until its share is on disk.
    static let limit = 48

    let text: [UInt8]

    static let null = RequestID(text: Array("null".utf8))

    init(text: [UInt8]) {
        self.text = text
    }

    var isNull: Bool { self == .null }
}

extension Message {
    private static let limits = JSONLimits(bytes: LineCutter.limit, depth: 16)

    /// Nil for what is no message: not JSON, no object, a method that is no string, an id that is too long.
    init?(line: Span<UInt8>) {
        var bytes = line.withUnsafeBufferPointer { Array($0) }
        // Some firmware cuts user names at a byte, in the middle of a character; such a name is repaired, not refused.
        if bytes.contains(where: { $0 >= 0x80 }) { bytes = Array(String(decoding: bytes, as: UTF8.self).utf8) }
        guard let value = try? JSONValue(parsing: bytes, limits: Self.limits), case .object(let members) = value else { return nil }
        guard let method = members["method"], !method.isNull else {
            self = .response(id: members["id"] ?? .null, result: members["result"] ?? .null)
            return
        }
        guard let name = method.string else { return nil }
        let id = MemberFinder.id(in: bytes.span).map { RequestID(text: Array(bytes[$0])) } ?? .null
        guard id.text.count <= RequestID.limit else { return nil }
        let params = members["params"] ?? .null
        self = .request(Request(id: id, method: name, params: params.isNull ? .array([]) : params))
    }
}

/// Finds where the id stands in an object that the JSON reader has already accepted, because a parsed number does not know how it was spelled.
private enum MemberFinder {
    /// The last member named "id", as the reader takes the last of equal names.
    static func id(in bytes: Span<UInt8>) -> Range<Int>? {
        var depth = 0
        var index = 0
        var found: Range<Int>?
        /// Where a value of interest began, while it lasts.
        var start: Int?
        var expectsName = false
        while index < bytes.count {
            switch bytes[index] {
            case UInt8(ascii: "\""):
                let end = closingQuote(in: bytes, from: index + 1)
                if depth == 1, expectsName {
                    expectsName = false
                    if end == index + 3, bytes[index + 1] == UInt8(ascii: "i"), bytes[index + 2] == UInt8(ascii: "d") {
                        index = end + 1
                        while index < bytes.count, bytes[index] != UInt8(ascii: ":") { index += 1 }
                        start = index + 1
                        index += 1
                        continue
                    }
                }
                index = end + 1
                continue
            case UInt8(ascii: "{"), UInt8(ascii: "["):
                depth += 1
                expectsName = depth == 1
            case UInt8(ascii: "}"), UInt8(ascii: "]"):
                depth -= 1
                if depth == 0, let from = start { found = trim(bytes, from..<index) }
            case UInt8(ascii: ",") where depth == 1:
                if let from = start { found = trim(bytes, from..<index) }
                start = nil
                expectsName = true
            default: break
            }
            index += 1
        }
        return found
    }

    private static func closingQuote(in bytes: Span<UInt8>, from start: Int) -> Int {
        var index = start
        while index < bytes.count, bytes[index] != UInt8(ascii: "\"") { index += bytes[index] == UInt8(ascii: "\\") ? 2 : 1 }
        return index
    }

    private static func trim(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Range<Int> {
        var (start, end) = (range.lowerBound, range.upperBound)
        while start < end, bytes[start] <= 0x20 { start += 1 }
        while end > start, bytes[end - 1] <= 0x20 { end -= 1 }
        return start..<end
    }
}
