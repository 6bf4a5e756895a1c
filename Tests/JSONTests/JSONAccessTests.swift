import JSON
import Testing

@Suite struct JSONAccessTests {
    static let sample: JSONValue = [
        "height": 7, "fee": 1.5, "name": "x", "on": true, "nothing": .null,
        "transactions": [["weight": 4], ["weight": "heavy"]],
    ]

    @Test func accessors() {
        let value = Self.sample
        #expect(value["height"]?.integer == 7)
        #expect(value["height"]?.double == 7)
        #expect(value["fee"]?.double == 1.5)
        #expect(value["fee"]?.integer == nil)
        #expect(value["name"]?.string == "x")
        #expect(value["on"]?.bool == true)
        #expect(value["nothing"]?.isNull == true)
        #expect(value["nothing"] != nil)
        #expect(value["absent"] == nil)
        #expect(value["transactions"]?[0]?["weight"]?.integer == 4)
        #expect(value["transactions"]?[2] == nil)
        #expect(value["transactions"]?[-1] == nil)
        #expect(value[0] == nil)
        #expect(JSONValue(UInt64.max) == .real(18446744073709551616))
    }

    @Test func typedReading() throws {
        let cursor = JSONCursor(Self.sample, name: "template")
        #expect(try cursor.required("height", as: .integer) == 7)
        #expect(try cursor.required("height", as: .fitting(UInt8.self)) == 7)
        #expect(try cursor.optional("absent", as: .integer) == nil)
        #expect(try cursor.optional("nothing", as: .integer) == nil)
        #expect(try cursor.member("transactions").elements()[0].required("weight", as: .integer) == 4)
    }

    @Test func errorsNameTheWay() {
        let cursor = JSONCursor(Self.sample, name: "template")
        #expect(throws: JSONError.missing(path: "template.absent")) { try cursor.required("absent", as: .integer) }
        #expect(throws: JSONError.mismatch(path: "template.height", expected: "a string", found: "an integer")) {
            try cursor.required("height", as: .string)
        }
        #expect(throws: JSONError.mismatch(path: "template.transactions[1].weight", expected: "an integer", found: "a string")) {
            try cursor.member("transactions").elements()[1].optional("weight", as: .integer)
        }
        #expect(throws: JSONError.mismatch(path: "template.name", expected: "an object", found: "a string")) {
            try cursor.member("name").member("first")
        }
        #expect(throws: JSONError.missing(path: "absent")) { try Self.sample.required("absent", as: .bool) }
        #expect(throws: JSONError.mismatch(path: "the value", expected: "an object", found: "an integer")) {
            try JSONValue.integer(1).required("absent", as: .bool)
        }
        #expect(throws: JSONError.mismatch(path: "n", expected: "an integer from 0 to 255", found: "an integer")) {
            try (["n": 256] as JSONValue).required("n", as: .fitting(UInt8.self))
        }
    }

    @Test(arguments: [3, 23, 24, 100])
    func objectsKeepOrderAndNamesUnique(size: Int) {
        var object = JSONObject()
        for number in 0..<size { object["k\(number)"] = .integer(Int64(number)) }
        object["k1"] = "again"
        object["k0"] = nil
        object["absent"] = nil
        #expect(object.keys == (1..<size).map { "k\($0)" })
        #expect(object["k1"] == "again")
        #expect(object["k0"] == nil)
        #expect(object["k\(size - 1)"] == (size == 2 ? "again" : .integer(Int64(size - 1))))
        object["k0"] = 0
        #expect(object.keys.last == "k0")
    }

    @Test func equalityDisregardsOrder() {
        #expect((["a": 1, "b": 2] as JSONValue) == ["b": 2, "a": 1])
        #expect((["a": 1] as JSONValue) != ["a": 2])
        #expect((["a": 1] as JSONValue) != ["b": 1])
        #expect((["a": 1] as JSONValue) != ["a": 1, "b": 1])
        #expect((1 as JSONValue) != 1.0)
    }
}
