import Hashing
import JSON

/// Reading a template's members under its own error.
extension JSONCursor {
    func field<Value>(_ key: String, as type: JSONType<Value>) throws(TemplateError) -> Value {
        do {
            return try required(key, as: type)
        } catch {
            throw TemplateError(error)
        }
    }

    func fieldIfAny<Value>(_ key: String, as type: JSONType<Value>) throws(TemplateError) -> Value? {
        do {
            return try optional(key, as: type)
        } catch {
            throw TemplateError(error)
        }
    }

    func elements(of key: String) throws(TemplateError) -> [JSONCursor] {
        do {
            return try member(key).elements()
        } catch {
            throw TemplateError(error)
        }
    }
}

extension JSONType where Value == WitnessCommitment {
    /// The exact form: a longer script would carry something this pool does not know.
    static var witnessCommitment: Self {
        Self("the hex of a 38-byte witness commitment") {
            $0.string.flatMap(Hex.decode).flatMap { $0.count == 38 ? WitnessCommitment(script: Script($0)) : nil }
        }
    }
}

extension JSONType where Value == Int64 {
    /// Satoshi, up to all there will ever be.
    static var money: Self { Self("an amount in satoshi") { $0.integer.flatMap { (0...Chain.moneyLimit).contains($0) ? $0 : nil } } }
}

extension JSONType where Value == Int {
    static var count: Self { Self("a count") { $0.integer.flatMap { (0...0x7fff_ffff).contains($0) ? Int($0) : nil } } }
}

extension JSONType where Value == UInt32 {
    /// A header's version: nodes print it as a signed number.
    static var version: Self { Self("a 32-bit integer") { $0.integer.flatMap { Int32(exactly: $0) }.map { UInt32(bitPattern: $0) } } }

    /// Heights stay below the lock times that mean seconds.
    static var height: Self { Self("a block height") { $0.integer.flatMap { (1..<500_000_000).contains($0) ? UInt32($0) : nil } } }
}

extension JSONType where Value == String {
    /// An even number of hex digits, left as text.
    static var hexText: Self { Self("bytes in hex") { $0.string.flatMap { isHex($0) ? $0 : nil } } }

    private static func isHex(_ text: String) -> Bool {
        let digits = text.utf8Span.span
        guard digits.count.isMultiple(of: 2) else { return false }
        // Without branches, so that the compiler can test many digits at once: a template has millions.
        var bad: UInt8 = 0
        for index in digits.indices {
            let digit = digits[index]
            let isDecimal: UInt8 = digit &- 0x30 < 10 ? 1 : 0
            let isLetter: UInt8 = (digit | 0x20) &- 0x61 < 6 ? 1 : 0
            bad |= 1 ^ (isDecimal | isLetter)
        }
        return bad == 0
    }
}
