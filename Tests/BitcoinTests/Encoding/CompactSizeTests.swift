import Bitcoin
import Hashing
import Randomness
import Testing

@Suite struct CompactSizeTests {
    @Test(arguments: [
        (0, "00"), (0xfc, "fc"), (0xfd, "fdfd00"), (0xffff, "fdffff"), (0x1_0000, "fe00000100"), (0x0200_0000, "fe00000002"),
        (0x1_0000_0000, "ff0000000001000000"),
    ])
    func spelling(value: Int, hex: String) throws {
        var writer = ByteWriter()
        writer.appendCompactSize(value)
        #expect(Hex.encode(writer.bytes) == hex)
        #expect(writer.bytes.count == CompactSize.encodedCount(value))
        var reader = ByteReader(writer.bytes)
        #expect(try reader.readCompactSize(limit: .max) == value)
        try reader.finish()
    }

    @Test(arguments: [
        ("fd0000", WireError.nonCanonicalSize(offset: 0)), ("fdfc00", .nonCanonicalSize(offset: 0)),
        ("feffff0000", .nonCanonicalSize(offset: 0)), ("ffffffffff00000000", .nonCanonicalSize(offset: 0)),
        ("fe01000002", .tooLarge(offset: 0, size: 0x0200_0001, limit: 0x0200_0000)),
        ("ffffffffffffffffff", .tooLarge(offset: 0, size: .max, limit: 0x0200_0000)),
        ("", .truncated(offset: 0, needed: 1, left: 0)), ("fd00", .truncated(offset: 1, needed: 2, left: 1)),
    ])
    func refused(hex: String, error: WireError) throws {
        var reader = ByteReader(try bytes(hex))
        #expect(throws: error) { try reader.readCompactSize() }
    }

    @Test func countThatCannotFollowIsRefusedBeforeAnythingIsReserved() {
        var reader = ByteReader([0xfe, 0, 0, 0, 1, 1, 2, 3])
        #expect(throws: WireError.tooLarge(offset: 0, size: 0x100_0000, limit: 0)) { try reader.readCount(ofItemsAtLeast: 41) }
    }
}

@Suite struct ByteReaderTests {
    @Test func readsLittleEndian() throws {
        var reader = ByteReader([1, 2, 3, 4, 5, 6, 7, 0xff, 0xff, 0xff, 0xff])
        #expect(try reader.readLittleEndian(UInt8.self) == 1)
        #expect(try reader.readLittleEndian(UInt16.self) == 0x0302)
        #expect(try reader.readLittleEndian(UInt32.self) == 0x0706_0504)
        #expect(try reader.readLittleEndian(Int32.self) == -1)
        try reader.finish()
    }

    @Test func neverReadsPastTheEnd() {
        var reader = ByteReader([1, 2, 3])
        #expect(throws: WireError.truncated(offset: 0, needed: 4, left: 3)) { try reader.readLittleEndian(UInt32.self) }
        #expect(throws: WireError.truncated(offset: 0, needed: 32, left: 3)) { try reader.readHash() }
        #expect(throws: WireError.truncated(offset: 1, needed: 3, left: 2)) {
            _ = try reader.readBytes(1)
            _ = try reader.readBytes(3)
        }
        #expect(throws: WireError.trailing(count: 2)) { try reader.finish() }
    }

    @Test func hashesKeepTheirOrder() throws {
        var generator = SeededGenerator(seed: 1)
        let hash = generator.hash()
        var writer = ByteWriter()
        writer.append(hash)
        #expect(writer.bytes == hash.internalBytes)
        var reader = ByteReader(writer.bytes)
        #expect(try reader.readHash() == hash)
    }
}
