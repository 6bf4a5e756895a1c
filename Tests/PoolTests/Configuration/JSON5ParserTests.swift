import Foundation
import Randomness
import Testing

@testable import Pool

@Suite struct JSON5ParserTests {
    @Test(arguments: [
        ("null", "null"), ("true", "true"), ("  false  ", "false"), ("12", "12"), ("-3", "-3"), ("+4", "4"), ("0x1F", "31"), ("-0x10", "-16"),
        (".5", "0.5"), ("5.", "5"), ("1e3", "1000"), ("1.5e-3", "0.0015"), ("1e-10", "1e-10"), ("Infinity", "Infinity"), ("-Infinity", "-Infinity"),
        ("NaN", "NaN"), ("9223372036854775807", "9223372036854775807"), ("9223372036854775808", "9.223372036854776e+18"),
        ("'a\"b'", "\"a\\\"b\""), ("\"\\u0041\\x42\\n\"", "\"AB\\n\""), ("'one \\\ntwo'", "\"one two\""), ("'\\uD83D\\uDE00'", "\"😀\""),
        ("'\\q'", "\"q\""), ("[1, 2,]", "[1,2]"), ("[]", "[]"), ("{}", "{}"), ("{a: 1, 'b-c': 2, \"d\": 3, $_e9: 4,}", "{a:1,b-c:2,d:3,$_e9:4}"),
        ("// first\n/* second */ {a /* third */ : // fourth\n [ ] }", "{a:[]}"), ("\u{FEFF}\u{A0}1\u{2028}", "1"),
        ("{nullable: null}", "{nullable:null}"),
    ])
    func reads(source: String, expected: String) throws {
        #expect(render(try JSON5Parser.parse(Array(source.utf8)).value) == expected)
    }

    @Test(arguments: [
        ("", 0, "the file ends here"), ("{a: 1", 5, "a comma or }"), ("{a 1}", 3, "colon"), ("{a: 1, a: 2}", 7, "twice"),
        ("[1 2]", 3, "a comma or ]"),
        ("{a: 1} x", 7, "should end here"), ("/* never", 0, "never closed"), ("'never", 0, "never closed"), ("'a\nb'", 0, "never closed"),
        ("012", 0, "not a number"), ("1.2.3", 0, "not a number"), ("0x", 0, "not a number"), (".", 0, "not a number"), ("1e", 0, "not a number"),
        ("12x", 0, "not a number"), ("-", 0, "not a number"), ("nul", 0, "a value should stand here"), ("trueish", 0, "a value should stand here"),
        ("'\\uD800'", 3, "surrogate"), ("'\\xZZ'", 3, "hexadecimal"), ("'\\5'", 3, "cannot be escaped"), ("{1: 2}", 1, "a key or }"),
        ("{,}", 1, "a key or }"),
        ("[,]", 1, "a value should stand here"), ("{a:}", 3, "a value should stand here"),
    ])
    func refuses(source: String, offset: Int, reason: String) {
        let error = #expect(throws: JSON5SyntaxError.self) { try JSON5Parser.parse(Array(source.utf8)) }
        #expect(error?.offset == offset)
        #expect(error?.reason.contains(reason) == true, "\(error?.reason ?? "")")
    }

    @Test func refusesWhatIsNotText() {
        #expect(throws: JSON5SyntaxError.self) { try JSON5Parser.parse([0x22, 0xFF, 0x22]) }
    }

    @Test func boundsDepth() throws {
        let deepest = JSON5Parser.deepest
        let nested = { (depth: Int) in Array((String(repeating: "[", count: depth) + String(repeating: "]", count: depth)).utf8) }
        #expect(throws: Never.self) { try JSON5Parser.parse(nested(deepest)) }
        #expect(throws: JSON5SyntaxError.self) { try JSON5Parser.parse(nested(deepest + 1)) }
        #expect(throws: JSON5SyntaxError.self) { try JSON5Parser.parse(Array(String(repeating: "[", count: 1_000_000).utf8)) }
    }

    /// Foundation's decoder is the oracle for what is JSON5 at all and what it says.
    @Test func agreesWithFoundation() throws {
        var random = SeededGenerator(seed: 7)
        let decoder = JSONDecoder()
        decoder.allowsJSON5 = true
        var valid = 0
        for _ in 0..<4000 {
            var source = random.document(depth: 3)
            let isDamaged = random.below(3) == 0
            if isDamaged { source = random.damage(source) }
            let bytes = Array(source.utf8)
            let ours = try? JSON5Parser.parse(bytes)
            // The oracle traps on an exponent without digits.
            if ours == nil, source.contains("E") { continue }
            // It also looks behind the last byte of a number that ends the text, and once in a dozen runs trapped on what stood there.
            let theirs = try? decoder.decode(FoundationTree.self, from: Data(bytes + [0x0A]))
            // One thing is meant to differ: a key that stands twice is refused here.
            guard let ours else {
                if theirs != nil { #expect(isRepeatedKey(bytes), "only Foundation reads \(source)") }
                continue
            }
            valid += 1
            // Foundation refuses some escapes and tabs in text that json5.org allows; damage can make those.
            if isDamaged, theirs == nil { continue }
            #expect(theirs.map(\.rendered) == sortedRender(ours.value), "\(source)")
        }
        #expect(valid > 1000)
    }

    private func isRepeatedKey(_ bytes: [UInt8]) -> Bool {
        do {
            _ = try JSON5Parser.parse(bytes)
            return false
        } catch {
            return error.reason.contains("twice")
        }
    }
}

private func render(_ value: JSON5Value) -> String {
    switch value {
    case .list(let nodes): "[" + nodes.map { render($0.value) }.joined(separator: ",") + "]"
    case .object(let members): "{" + members.map { "\($0.name):\(render($0.node.value))" }.joined(separator: ",") + "}"
    default: value.brief
    }
}

private func sortedRender(_ value: JSON5Value) -> String {
    switch value {
    case .list(let nodes): "[" + nodes.map { sortedRender($0.value) }.joined(separator: ",") + "]"
    case .object(let members): "{" + members.map { "\($0.name):\(sortedRender($0.node.value))" }.sorted().joined(separator: ",") + "}"
    case .integer(let integer): "\(Double(integer))"
    case .number(let number): "\(number)"
    default: value.brief
    }
}

/// What Foundation makes of a document, in the same rendering.
private struct FoundationTree: Decodable {
    var rendered: String

    init(from decoder: any Decoder) throws {
        if let object = try? decoder.container(keyedBy: AnyKey.self) {
            rendered =
                "{"
                + (try object.allKeys.map { "\($0.stringValue):\(try object.decode(FoundationTree.self, forKey: $0).rendered)" })
                .sorted().joined(separator: ",") + "}"
        } else if var list = try? decoder.unkeyedContainer() {
            var parts: [String] = []
            while !list.isAtEnd { parts.append(try list.decode(FoundationTree.self).rendered) }
            rendered = "[" + parts.joined(separator: ",") + "]"
        } else {
            let single = try decoder.singleValueContainer()
            if single.decodeNil() {
                rendered = "null"
            } else if let flag = try? single.decode(Bool.self) {
                rendered = "\(flag)"
            } else if let number = try? single.decode(Double.self) {
                rendered = "\(number)"
            } else {
                rendered = JSON5Text.quote(try single.decode(String.self))
            }
        }
    }

    struct AnyKey: CodingKey {
        var stringValue: String
        var intValue: Int? { nil }
        init?(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
    }
}

/// Documents with all of JSON5's liberties.
extension SeededGenerator {
    fileprivate mutating func below(_ bound: Int) -> Int { Int(next() % UInt64(bound)) }

    fileprivate mutating func pick(_ choices: [String]) -> String { choices[below(choices.count)] }

    fileprivate mutating func blank() -> String { pick(["", "", " ", "\n", "\t", "// note\n", "/* note */"]) }

    fileprivate mutating func document(depth: Int) -> String {
        let scalars = [
            "0", "12", "-7", "+7", "0x2a", ".25", "4.", "1e4", "2.5E-2", "null", "true", "false", "'one'", "\"two\"", "'t\\'s'", "\"\\u00e9\\n\"",
            "''",
        ]
        switch depth == 0 ? 0 : below(3) {
        case 0: return blank() + pick(scalars) + blank()
        case 1:
            let elements = (0..<below(4)).map { _ in document(depth: depth - 1) }
            return "\(blank())[\(elements.joined(separator: ","))\(elements.isEmpty ? "" : pick(["", ","]))]"
        default:
            let members = (0..<below(4)).map { _ in
                "\(blank())\(pick(["a", "b", "_c", "$d", "'e f'", "\"g\"", "h1"]))\(blank()):\(document(depth: depth - 1))"
            }
            return "{\(members.joined(separator: ","))\(members.isEmpty ? "" : pick(["", ","]))}\(blank())"
        }
    }

    fileprivate mutating func damage(_ source: String) -> String {
        var characters = Array(source)
        guard !characters.isEmpty else { return source }
        let place = below(characters.count)
        switch below(3) {
        case 0: characters.remove(at: place)
        case 1: characters.insert(Character(pick(["{", "}", ",", ":", "'", "1", "[", "]"])), at: place)
        default: characters.swapAt(place, below(characters.count))
        }
        return String(characters)
    }
}
