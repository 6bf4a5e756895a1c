/// Unsigned integers in base 128, least significant group first, the high bit set on all bytes but the last.
extension [UInt8] {
    mutating func append(variable value: UInt64) {
        var rest = value
        while rest >= 0x80 {
            append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest &>>= 7
        }
        append(UInt8(truncatingIfNeeded: rest))
    }

    mutating func append(variable value: UInt128) {
        var rest = value
        while rest >> 64 != 0 {
            append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest = rest >> 7
        }
        append(variable: UInt64(truncatingIfNeeded: rest))
    }

    mutating func append(littleEndian value: some FixedWidthInteger) {
        for shift in stride(from: 0, to: value.bitWidth, by: 8) { append(UInt8(truncatingIfNeeded: value >> shift)) }
    }

    mutating func append(counted bytes: some Collection<UInt8>) {
        append(variable: UInt64(bytes.count))
        append(contentsOf: bytes)
    }
}

/// Reads what the appends above wrote. Every read that does not fit gives nil.
struct ByteReader {
    private let bytes: ArraySlice<UInt8>
    private var next: Int

    init(_ bytes: ArraySlice<UInt8>) {
        self.bytes = bytes
        next = bytes.startIndex
    }

    var remaining: Int { bytes.endIndex - next }

    mutating func byte() -> UInt8? {
        guard next < bytes.endIndex else { return nil }
        defer { next += 1 }
        return bytes[next]
    }

    mutating func variable<Value: UnsignedInteger & FixedWidthInteger>(_: Value.Type) -> Value? {
        var value: Value = 0
        var shift = 0
        while let byte = byte() {
            let group = Value(byte & 0x7f)
            guard shift < Value.bitWidth, (group << shift) >> shift == group else { return nil }
            value |= group << shift
            if byte & 0x80 == 0 { return value }
            shift += 7
        }
        return nil
    }

    mutating func littleEndian<Value: FixedWidthInteger>(_: Value.Type) -> Value? {
        guard remaining >= Value.bitWidth / 8 else { return nil }
        var value: Value = 0
        for shift in stride(from: 0, to: Value.bitWidth, by: 8) {
            value |= Value(truncatingIfNeeded: bytes[next]) << shift
            next += 1
        }
        return value
    }

    /// Counted UTF-8, as it stands there: a text that would have to be repaired was not written.
    mutating func text(atMost limit: Int) -> String? {
        guard let count = variable(UInt.self), count <= limit, count <= remaining else { return nil }
        defer { next += Int(count) }
        return String(validating: bytes[next..<next + Int(count)], as: UTF8.self)
    }
}
