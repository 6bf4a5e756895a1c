import JSON
import Testing

@Suite struct JSONParserTests {
    static let values: [(text: String, value: JSONValue)] = [
        ("null", .null),
        (" true ", true),
        ("\t\r\nfalse\n", false),
        ("0", 0),
        ("-0", 0),
        ("10", 10),
        ("-17", -17),
        ("9223372036854775807", .integer(.max)),
        ("-9223372036854775808", .integer(.min)),
        ("9223372036854775808", .real(9223372036854775808)),
        ("-9223372036854775809", .real(-9223372036854775808)),
        ("123456789012345678901234567890", .real(1.2345678901234568e29)),
        ("1.0", .real(1)),
        ("1e2", .real(100)),
        ("1E+2", .real(100)),
        ("-2.5e-3", .real(-0.0025)),
        ("0.1", .real(0.1)),
        ("4.9e-324", .real(.leastNonzeroMagnitude)),
        ("1e-999", .real(0)),
        (#""""#, ""),
        (#""a""#, "a"),
        (#""\"\\\/\b\f\n\r\t""#, "\"\\/\u{8}\u{c}\n\r\t"),
        (#""\u00e9\u00E9é""#, "ééé"),
        (#""\ud83d\ude00😀""#, "😀😀"),
        (#""\u0000""#, "\0"),
        ("\"\u{7f}\u{2028}\"", "\u{7f}\u{2028}"),
        ("[]", []),
        ("[ ]", []),
        ("[1,[2,[]],{}]", [1, [2, []], [:]]),
        ("{}", [:]),
        (#"{"a":1,"b":{"a":[null]}}"#, ["a": 1, "b": ["a": [.null]]]),
        (#"{"a":1,"b":2,"a":3}"#, ["a": 3, "b": 2]),
    ]

    @Test(arguments: values)
    func reads(text: String, value: JSONValue) throws {
        #expect(try JSONValue(parsing: text) == value)
    }

    static let faults: [(text: String, fault: JSONFault, line: Int, column: Int)] = [
        ("", .endOfText, 1, 1),
        ("  ", .endOfText, 1, 3),
        ("nul", .endOfText, 1, 4),
        ("nulL", .unexpectedByte, 1, 4),
        ("True", .unexpectedByte, 1, 1),
        ("1 2", .trailingBytes, 1, 3),
        ("{}\n\n }", .trailingBytes, 3, 2),
        ("\u{feff}1", .unexpectedByte, 1, 1),
        ("-", .badNumber, 1, 2),
        ("+1", .unexpectedByte, 1, 1),
        ("01", .badNumber, 1, 3),
        ("-01", .badNumber, 1, 4),
        (".5", .unexpectedByte, 1, 1),
        ("1.", .badNumber, 1, 3),
        ("1.e5", .badNumber, 1, 3),
        ("1e", .badNumber, 1, 3),
        ("1e+", .badNumber, 1, 4),
        ("0x10", .trailingBytes, 1, 2),
        ("NaN", .unexpectedByte, 1, 1),
        ("1e999", .numberTooLarge, 1, 1),
        ("\"", .endOfText, 1, 2),
        ("\"abcdefghijk", .endOfText, 1, 13),
        ("\"a\nb\"", .controlCharacter, 1, 3),
        ("\"abcdefgh\u{1f}\"", .controlCharacter, 1, 10),
        (#""\x""#, .badEscape, 1, 3),
        (#""\u12g4""#, .badEscape, 1, 6),
        (#""\u12"#, .endOfText, 1, 6),
        (#""\ud800""#, .loneSurrogate, 1, 2),
        (#""\ud800\n""#, .loneSurrogate, 1, 2),
        (#""\ud800\ud800""#, .loneSurrogate, 1, 2),
        (#""\udc00""#, .loneSurrogate, 1, 2),
        ("[1,]", .unexpectedByte, 1, 4),
        ("[1 2]", .unexpectedByte, 1, 4),
        ("[1", .endOfText, 1, 3),
        ("]", .unexpectedByte, 1, 1),
        ("[}", .unexpectedByte, 1, 2),
        (#"{"a"}"#, .unexpectedByte, 1, 5),
        (#"{"a":}"#, .unexpectedByte, 1, 6),
        (#"{"a":1,}"#, .unexpectedByte, 1, 8),
        ("{a:1}", .unexpectedByte, 1, 2),
        ("{\n  \"a\": 1\n  \"b\": 2\n}", .unexpectedByte, 3, 3),
        ("// no comments\n1", .unexpectedByte, 1, 1),
    ]

    @Test(arguments: faults)
    func namesFaultAndPlace(text: String, fault: JSONFault, line: Int, column: Int) throws {
        let error = #expect(throws: JSONError.self) { try JSONValue(parsing: text) }
        guard case .syntax(let found, let at) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(found == fault)
        #expect(at.line == line)
        #expect(at.column == column)
        #expect(error?.text.contains("line \(line) column \(column)") == true)
    }

    /// Continuation bytes alone, overlong forms, surrogates and what lies above U+10FFFF are not UTF-8 (RFC 3629).
    @Test(arguments: [[0x80], [0xc3], [0xc0, 0x80], [0xed, 0xa0, 0x80], [0xf4, 0x90, 0x80, 0x80], [0xff]] as [[UInt8]])
    func refusesWhatIsNotUTF8(bytes: [UInt8]) throws {
        for prefix in ["\"", "\"abcdefghi", "\"\\n"] {
            let error = #expect(throws: JSONError.self) { try JSONValue(parsing: Array(prefix.utf8) + bytes + [0x22]) }
            guard case .syntax(.badUTF8, let at) = error else {
                Issue.record("\(String(describing: error))")
                continue
            }
            #expect(at.byte == prefix.utf8.count)
        }
    }

    /// The eight-byte search for the end of a string, at every distance from a word's boundary.
    @Test func findsTheEndOfStringsOfAnyLength() throws {
        for length in 0...40 {
            for position in 0...length {
                let plain = String(repeating: "é", count: position / 2) + String(repeating: "x", count: position % 2)
                let rest = String(repeating: "y", count: length - position)
                #expect(try JSONValue(parsing: "[\"\(plain)\(rest)\",1]") == [.string(plain + rest), 1])
                #expect(try JSONValue(parsing: "[\"\(plain)\\\\\(rest)\"]") == [.string(plain + "\\" + rest)])
                #expect(throws: JSONError.self) { try JSONValue(parsing: "[\"\(plain)\u{1}\(rest)\"]") }
            }
        }
    }

    @Test func depthIsBounded() throws {
        let limits = JSONLimits(depth: 3)
        #expect(try JSONValue(parsing: "[[[]],{\"a\":{}}]", limits: limits) == [[[]], ["a": [:]]])
        #expect(throws: JSONError.tooDeep(limit: 3, at: JSONPosition(line: 1, column: 4, byte: 3))) {
            try JSONValue(parsing: "[[[[]]]]", limits: limits)
        }
        #expect(throws: JSONError.self) { try JSONValue(parsing: [UInt8](repeating: UInt8(ascii: "["), count: 1_000_000)) }
    }

    @Test func sizeIsBounded() throws {
        #expect(try JSONValue(parsing: "1234", limits: JSONLimits(bytes: 4)) == 1234)
        #expect(throws: JSONError.tooLarge(limit: 4)) { try JSONValue(parsing: "12345", limits: JSONLimits(bytes: 4)) }
    }

    /// Fifty thousand names cost no quadratic time; the last value of each wins.
    @Test func manyNames() throws {
        let members = [1, 10].flatMap { factor in (0..<50_000).map { "\"k\($0)\":\($0 * factor)" } }
        let value = try JSONValue(parsing: "{" + members.joined(separator: ",") + "}")
        #expect(value.object?.count == 50_000)
        #expect(value["k49999"] == 499_990)
        #expect(value.object?.keys.first == "k0")
    }
}
