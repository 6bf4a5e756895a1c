public import Hashing

/// Collects Bitcoin's wire forms.
public struct ByteWriter: Sendable {
    public private(set) var bytes: [UInt8] = []

    public init(capacity: Int = 0) {
        bytes.reserveCapacity(capacity)
    }

    /// Appends an integer, least significant byte first.
    public mutating func appendLittleEndian<Value: FixedWidthInteger>(_ value: Value) {
        for index in 0..<(Value.bitWidth / 8) { bytes.append(UInt8(truncatingIfNeeded: value >> Value(8 * index))) }
    }

    public mutating func append(_ data: [UInt8]) {
        bytes.append(contentsOf: data)
    }

    /// Appends 32 bytes in internal order.
    public mutating func append(_ hash: Hash256) {
        appendLittleEndian(hash.number.low)
        appendLittleEndian(hash.number.high)
    }
}
