public import Hashing

/// Reads Bitcoin's wire forms from bytes, never past their end.
public struct ByteReader: Sendable {
    /// The largest size nodes take anywhere (32 MiB).
    public static let sizeLimit = 0x0200_0000

    private let bytes: [UInt8]
    /// Bytes read so far.
    public private(set) var offset = 0

    public init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    public var remaining: Int { bytes.count - offset }

    /// Reads an integer that stands least significant byte first.
    public mutating func readLittleEndian<Value: FixedWidthInteger>(_: Value.Type) throws(WireError) -> Value {
        let count = Value.bitWidth / 8
        try need(count)
        var value: Value = 0
        for index in 0..<count { value |= Value(truncatingIfNeeded: bytes[offset + index]) << Value(8 * index) }
        offset += count
        return value
    }

    public mutating func readBytes(_ count: Int) throws(WireError) -> [UInt8] {
        try need(count)
        defer { offset += count }
        return Array(bytes[offset..<(offset + count)])
    }

    /// Reads 32 bytes in internal order.
    public mutating func readHash() throws(WireError) -> Hash256 {
        Hash256(internalBytes: try readBytes(32)) ?? .zero
    }

    /// Refuses what is left behind the end of the value read.
    public func finish() throws(WireError) {
        guard remaining == 0 else { throw .trailing(count: remaining) }
    }

    private func need(_ count: Int) throws(WireError) {
        guard count <= remaining else { throw .truncated(offset: offset, needed: count, left: remaining) }
    }
}
