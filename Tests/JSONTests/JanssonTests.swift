import CJansson
import JSON
import Randomness
import Testing

/// The reader held against libjansson, which many programs trust: the same texts are taken, and they mean the same.
@Suite struct JanssonTests {
    @Test func whatIsWrittenReadsTheSame() throws {
        var generator = SeededGenerator(seed: 7)
        for _ in 0..<2_000 {
            let value = JSONValue.random(depth: 4, using: &generator)
            let text = value.serialized()
            let (read, reason) = Jansson.read(text)
            // It takes no key with a NUL in it.
            if reason.contains("NUL") { continue }
            let other = try #require(read, "jansson refuses \(String(decoding: text, as: UTF8.self)): \(reason)")
            #expect(Jansson.isSame(try JSONValue(parsing: text), other))
            Jansson.release(other)
        }
    }

    /// A byte is changed, removed or doubled: both take what came of it, or neither does. Bytes of zero are left out: jansson takes one for the end.
    @Test func damagedTextsAreJudgedTheSame() throws {
        var generator = SeededGenerator(seed: 8)
        var (taken, refused) = (0, 0)
        for _ in 0..<8_000 {
            var text = JSONValue.random(depth: 2, using: &generator).serialized()
            for _ in 0..<Int.random(in: 1...2, using: &generator) { Self.damage(&text, &generator) }
            let (other, reason) = Jansson.read(text)
            defer { Jansson.release(other) }
            // Numbers beyond 64 bits are doubles here and errors there, and no key may hold a NUL there.
            if reason.contains("too big") || reason.contains("overflow") || reason.contains("NUL") { continue }
            let value = try? JSONValue(parsing: text)
            #expect((value == nil) == (other == nil), "\(String(decoding: text, as: UTF8.self)) \(text): jansson says \(reason)")
            guard let value, let other else {
                refused += 1
                continue
            }
            taken += 1
            #expect(Jansson.isSame(value, other), "\(String(decoding: text, as: UTF8.self))")
        }
        #expect(taken > 500 && refused > 500, "both kinds were tried")
    }

    private static func damage(_ text: inout [UInt8], _ generator: inout SeededGenerator) {
        guard let index = text.indices.randomElement(using: &generator) else { return }
        let marks = Array(#"{}[]",:\/0123456789-+.eEtrufalsn "#.utf8) + [0x01, 0x1f, 0x7f, 0x80, 0xc3, 0xed, 0xf0, 0xff]
        switch Int.random(in: 0..<3, using: &generator) {
        case 0: text[index] = marks.randomElement(using: &generator) ?? 0
        case 1: text.remove(at: index)
        default: text.insert(text[index], at: index)
        }
    }
}

/// libjansson's reading of a text.
enum Jansson {
    /// - Returns: nil with the reason for a text that it refuses; a value is to be released.
    static func read(_ text: [UInt8]) -> (value: UnsafeMutablePointer<json_t>?, reason: String) {
        var error = json_error_t()
        let flags = Int(JSON_DECODE_ANY) | Int(JSON_ALLOW_NUL) | Int(JSON_REJECT_DUPLICATES)
        let value = text.withUnsafeBytes { json_loadb($0.baseAddress, $0.count, flags, &error) }
        let reason = withUnsafeBytes(of: error.text) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
        return (value, value == nil ? reason : "")
    }

    static func release(_ value: UnsafeMutablePointer<json_t>?) {
        if let value { jansson_release(value) }
    }

    static func isSame(_ value: JSONValue, _ other: UnsafeMutablePointer<json_t>) -> Bool {
        switch (value, other.pointee.type) {
        case (.null, JSON_NULL), (.bool(true), JSON_TRUE), (.bool(false), JSON_FALSE): true
        case (.integer(let number), JSON_INTEGER): number == json_integer_value(other)
        case (.real(let number), JSON_REAL): number == json_real_value(other)
        case (.string(let text), JSON_STRING):
            Array(text.utf8).elementsEqual(UnsafeRawBufferPointer(start: json_string_value(other), count: json_string_length(other)))
        case (.array(let elements), JSON_ARRAY):
            elements.count == json_array_size(other)
                && elements.indices.allSatisfy { index in json_array_get(other, index).map { isSame(elements[index], $0) } ?? false }
        case (.object(let object), JSON_OBJECT):
            object.members.count == json_object_size(other)
                && object.members.allSatisfy { member in json_object_get(other, member.key).map { isSame(member.value, $0) } ?? false }
        default: false
        }
    }
}
