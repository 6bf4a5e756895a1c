public import Hashing

/// The 80 bytes that are hashed for proof of work.
public struct BlockHeader: Hashable, Sendable, BitwiseCopyable {
    public static let byteCount = 80

    public var version: UInt32
    public var previousHash: Hash256
    public var merkleRoot: Hash256
    /// Unix seconds.
    public var time: UInt32
    public var bits: CompactBits
    public var nonce: UInt32

    public init(version: UInt32, previousHash: Hash256, merkleRoot: Hash256, time: UInt32, bits: CompactBits, nonce: UInt32) {
        self.version = version
        self.previousHash = previousHash
        self.merkleRoot = merkleRoot
        self.time = time
        self.bits = bits
        self.nonce = nonce
    }

    /// Reads exactly 80 bytes.
    public init(parsing bytes: [UInt8]) throws(WireError) {
        var reader = ByteReader(bytes)
        try self.init(from: &reader)
        try reader.finish()
    }

    /// Reads a header and leaves the reader behind it.
    public init(from reader: inout ByteReader) throws(WireError) {
        version = try reader.readLittleEndian(UInt32.self)
        previousHash = try reader.readHash()
        merkleRoot = try reader.readHash()
        time = try reader.readLittleEndian(UInt32.self)
        bits = CompactBits(rawValue: try reader.readLittleEndian(UInt32.self))
        nonce = try reader.readLittleEndian(UInt32.self)
    }

    public var serialized: [UInt8] {
        var writer = ByteWriter(capacity: BlockHeader.byteCount)
        writer.appendLittleEndian(version)
        writer.append(previousHash)
        writer.append(merkleRoot)
        writer.appendLittleEndian(time)
        writer.appendLittleEndian(bits.rawValue)
        writer.appendLittleEndian(nonce)
        return writer.bytes
    }

    /// The block's id.
    public var hash: Hash256 { .sha256d(serialized.span) }
}
