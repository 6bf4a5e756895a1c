import Foundation
import JSON
import Randomness
import Testing

@Suite struct JSONWriterTests {
    static let texts: [(value: JSONValue, text: String)] = [
        (.null, "null"),
        (true, "true"),
        (.integer(.min), "-9223372036854775808"),
        (.real(1), "1.0"),
        (.real(0.1), "0.1"),
        (.real(-0.0), "-0.0"),
        (.real(1e300), "1e+300"),
        (.real(2.3e-10), "2.3e-10"),
        (.real(.infinity), "null"),
        (.real(-.infinity), "null"),
        (.real(.nan), "null"),
        ("a/b", #""a/b""#),
        ("\"\\\u{8}\u{c}\n\r\t\u{1}\u{1f}\u{7f}", #""\"\\\b\f\n\r\t\u0001\u001f\u007f""#),
        ("é😀", "\"é😀\""),
        ([], "[]"),
        ([1, [], [:]], "[1,[],{}]"),
        (["z": 1, "a": ["b": .null]], #"{"z":1,"a":{"b":null}}"#),
    ]

    @Test(arguments: texts)
    func writes(value: JSONValue, text: String) {
        #expect(value.text() == text)
    }

    @Test func writesPrettily() {
        let value: JSONValue = ["a": [1, ["b": "c"]], "d": [:], "e": []]
        let text = """
            {
              "a": [
                1,
                {
                  "b": "c"
                }
              ],
              "d": {},
              "e": []
            }
            """
        #expect(value.text(pretty: true) == text)
    }

    @Test func whatIsWrittenReadsBack() throws {
        var generator = SeededGenerator(seed: 1)
        for _ in 0..<200 {
            let value = JSONValue.random(depth: 4, using: &generator)
            #expect(try JSONValue(parsing: value.serialized()) == value)
            #expect(try JSONValue(parsing: value.serialized(pretty: true)) == value)
        }
    }

    /// Foundation's reader and writer judge ours.
    @Test func agreesWithFoundation() throws {
        var generator = SeededGenerator(seed: 2)
        for _ in 0..<100 {
            let value = JSONValue.random(depth: 3, using: &generator)
            let foreign = try JSONSerialization.jsonObject(with: Data(value.serialized()), options: .fragmentsAllowed)
            let back = try JSONValue(parsing: Array(JSONSerialization.data(withJSONObject: [foreign])))
            #expect(back.numbersAsDoubles == [value.numbersAsDoubles])
        }
    }

    /// Damaged texts are refused or read, and what is read writes and reads as the same again; none crashes.
    @Test func damagedTextsAreHarmless() throws {
        var generator = SeededGenerator(seed: 3)
        var refused = 0
        for _ in 0..<600 {
            var bytes = JSONValue.random(depth: 3, using: &generator).serialized()
            for _ in 0..<Int.random(in: 1...3, using: &generator) {
                let place = Int.random(in: 0..<bytes.count, using: &generator)
                switch Int.random(in: 0..<3, using: &generator) {
                case 0: bytes[place] = UInt8.random(in: 0...255, using: &generator)
                case 1: bytes.insert(Array("{}[]\",:\\u0e-".utf8).randomElement(using: &generator) ?? 0, at: place)
                default: bytes.removeSubrange(place...)
                }
                if bytes.isEmpty { break }
            }
            do {
                let value = try JSONValue(parsing: bytes)
                #expect(try JSONValue(parsing: value.serialized()) == value)
            } catch {
                refused += 1
            }
        }
        #expect(refused > 100)
    }
}

extension JSONValue {
    /// Foundation makes no difference between 1 and 1.0, and rounds long integers as it likes.
    fileprivate var numbersAsDoubles: JSONValue {
        switch self {
        case .integer(let value): .real(Double(value))
        case .array(let elements): .array(elements.map(\.numbersAsDoubles))
        case .object(let object): .object(JSONObject(object.members.map { ($0.key, $0.value.numbersAsDoubles) }))
        default: self
        }
    }
}
