import JSON
import Testing

@Suite struct JSONSmoke {
    @Test func roundTrip() throws {
        let text = #"{"a":[1,-2.5,"x\u00e9\n😀",true,null],"b":{}}"#
        let value = try JSONValue(parsing: text)
        #expect(value["a"]?[0]?.integer == 1)
        #expect(try JSONValue(parsing: value.serialized()) == value)
    }
}
