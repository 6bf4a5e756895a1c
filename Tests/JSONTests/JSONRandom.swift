import JSON
import Randomness

extension JSONValue {
    /// Any value, nested at most `depth` deep. Doubles always have a fraction or an exponent, so that they read back as doubles.
    static func random(depth: Int, using generator: inout SeededGenerator) -> JSONValue {
        switch Int.random(in: 0..<(depth > 0 ? 8 : 6), using: &generator) {
        case 0: return .null
        case 1: return .bool(Bool.random(using: &generator))
        case 2: return .integer(Int64(bitPattern: generator.next()) >> Int64.random(in: 0...63, using: &generator))
        case 3:
            let value = Double(bitPattern: generator.next())
            return .real(value.isFinite ? value : 0.5)
        case 4, 5: return .string(.random(using: &generator))
        case 6: return .array((0..<Int.random(in: 0...5, using: &generator)).map { _ in .random(depth: depth - 1, using: &generator) })
        default:
            var object = JSONObject()
            for _ in 0..<Int.random(in: 0...40, using: &generator) {
                object[.random(using: &generator)] = .random(depth: depth - 1, using: &generator)
            }
            return .object(object)
        }
    }
}

extension String {
    /// Up to twenty characters, among them what must be escaped and what needs two, three and four bytes.
    static func random(using generator: inout SeededGenerator) -> String {
        let ranges: [ClosedRange<UInt32>] = [0x00...0x1f, 0x20...0x7f, 0x22...0x22, 0x5c...0x5c, 0x80...0x7ff, 0x800...0xd7ff, 0x10000...0x10ffff]
        var text = String.UnicodeScalarView()
        for _ in 0..<Int.random(in: 0...20, using: &generator) {
            let range = ranges.randomElement(using: &generator) ?? 0x20...0x7e
            if let scalar = Unicode.Scalar(UInt32.random(in: range, using: &generator)) { text.append(scalar) }
        }
        return String(text)
    }
}
