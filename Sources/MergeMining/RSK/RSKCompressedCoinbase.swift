public import Hashing

/// A coinbase as an RSK header keeps it: a SHA-256 midstate in place of what comes before the tag's block, then the rest.
///
/// Bytes: 8 bytes big-endian count of bytes already hashed, 32 bytes chaining value H0…H7 each big-endian, tail. The midstate belongs to
/// the first of the two SHA-256 rounds.
public struct RSKCompressedCoinbase: Hashable, Sendable {
    /// The bytes before the tail.
    public static let prefixSize = 40

    public let bytes: [UInt8]

    /// Nil when there are fewer than 40 bytes. The count is not checked: the node trusts it.
    public init?(bytes: [UInt8]) {
        guard bytes.count >= Self.prefixSize else { return nil }
        self.bytes = bytes
    }

    /// Compresses a coinbase *without witness* up to the last 64-byte boundary at or before its last tag; without a tag nothing is cut.
    public init(coinbase: [UInt8]) {
        let cut = (coinbase.lastOffset(of: RSKTag.prefix) ?? 0) / 64 * 64
        var sha = SHA256()
        sha.update(coinbase.prefix(cut))
        bytes = UInt64(cut).bigEndianBytes + (0..<8).flatMap { sha.state[$0].bigEndianBytes } + coinbase.dropFirst(cut)
    }

    /// Bytes that went into the midstate. Signed, because the node reads it so.
    public var hashedCount: Int64 { Int64(bitPattern: UInt64(bigEndian: bytes.prefix(8))) }

    /// What is left of the coinbase after the midstate.
    public var tail: [UInt8] { Array(bytes.dropFirst(Self.prefixSize)) }

    /// The coinbase's txid: SHA-256 goes on from the midstate over the tail, then once more.
    ///
    /// The padding is made here and not by ``SHA256``, because a lying count need not be a multiple of 64; the node does not mind.
    public var transactionID: Hash256 {
        var state = SIMD8<UInt32>()
        for lane in 0..<8 { state[lane] = UInt32(bigEndian: bytes.dropFirst(8 + 4 * lane).prefix(4)) }
        let rest = tail
        let bits = UInt64(bitPattern: hashedCount &+ Int64(rest.count)) &* 8
        let zeros = (119 - rest.count % 64) % 64
        var sha = SHA256(midstate: state, byteCount: 0)
        sha.update(rest + [0x80] + [UInt8](repeating: 0, count: zeros) + bits.bigEndianBytes)
        let digest = (0..<8).flatMap { sha.state[$0].bigEndianBytes }
        return Hash256(internalBytes: SHA256.hash(digest)) ?? .zero
    }
}
