/// Bitcoin's variable-length count: 1, 3, 5 or 9 bytes, always the shortest that holds the value.
public enum CompactSize {
    /// How many bytes `value` takes.
    public static func encodedCount(_ value: Int) -> Int {
        switch value {
        case ..<0xfd: 1
        case ...0xffff: 3
        case ...0xffff_ffff: 5
        default: 9
        }
    }
}

extension ByteReader {
    /// Reads a CompactSize that must be canonical and not above `limit`.
    public mutating func readCompactSize(limit: Int = ByteReader.sizeLimit) throws(WireError) -> Int {
        let start = offset
        let first = try readLittleEndian(UInt8.self)
        let value: UInt64
        let smallest: UInt64
        switch first {
        case 0xfd: (value, smallest) = (UInt64(try readLittleEndian(UInt16.self)), 0xfd)
        case 0xfe: (value, smallest) = (UInt64(try readLittleEndian(UInt32.self)), 0x1_0000)
        case 0xff: (value, smallest) = (try readLittleEndian(UInt64.self), 0x1_0000_0000)
        default: (value, smallest) = (UInt64(first), 0)
        }
        guard value >= smallest else { throw .nonCanonicalSize(offset: start) }
        guard value <= UInt64(limit) else { throw .tooLarge(offset: start, size: value, limit: limit) }
        return Int(value)
    }

    /// Reads how many items of at least `smallestItem` bytes follow.
    ///
    /// Refused at once when that many cannot be left: no announced count makes a reader reserve memory that the input does not pay for.
    public mutating func readCount(ofItemsAtLeast smallestItem: Int) throws(WireError) -> Int {
        let start = offset
        let count = try readCompactSize()
        let room = remaining / smallestItem
        guard count <= room else { throw .tooLarge(offset: start, size: UInt64(count), limit: room) }
        return count
    }

    /// Reads a CompactSize and as many bytes.
    public mutating func readSizedBytes(limit: Int = ByteReader.sizeLimit) throws(WireError) -> [UInt8] {
        try readBytes(try readCompactSize(limit: limit))
    }
}

extension ByteWriter {
    /// Appends the shortest CompactSize of `value`, which is not negative.
    public mutating func appendCompactSize(_ value: Int) {
        switch CompactSize.encodedCount(value) {
        case 1:
            appendLittleEndian(UInt8(value))
        case 3:
            appendLittleEndian(0xfd as UInt8)
            appendLittleEndian(UInt16(value))
        case 5:
            appendLittleEndian(0xfe as UInt8)
            appendLittleEndian(UInt32(value))
        default:
            appendLittleEndian(0xff as UInt8)
            appendLittleEndian(UInt64(value))
        }
    }

    /// Appends a CompactSize and the bytes it counts.
    public mutating func appendSized(_ data: [UInt8]) {
        appendCompactSize(data.count)
        append(data)
    }
}
