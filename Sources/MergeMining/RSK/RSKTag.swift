import Hashing

/// `RSKBLOCK:` and the 32 bytes behind it, by which a coinbase commits to an RSK block.
public enum RSKTag {
    /// ASCII `RSKBLOCK:`.
    public static let prefix: [UInt8] = Array("RSKBLOCK:".utf8)
    /// Tag and hash.
    public static let byteCount = prefix.count + RSKMiningHash.byteCount
    /// A node takes at most this many bytes between the hash and the coinbase's end, locktime included.
    public static let mostBytesAfterHash = 128

    /// The output script that miners are asked to use: `OP_RETURN`, one push of 41 bytes.
    public static func script(for hash: RSKMiningHash) -> [UInt8] {
        [0x6a, UInt8(byteCount)] + prefix + hash.bytes
    }

    /// The hash behind the last tag; nil without a tag or with fewer than 32 bytes behind it.
    public static func lastHash(in coinbase: [UInt8]) -> RSKMiningHash? {
        guard let at = coinbase.lastOffset(of: prefix) else { return nil }
        return RSKMiningHash(bytes: coinbase.dropFirst(at + prefix.count).prefix(RSKMiningHash.byteCount))
    }
}

/// An RSK block's hash for merged mining: 32 bytes in the order of their hex text, as they follow the tag.
public struct RSKMiningHash: Hashable, Sendable, CustomStringConvertible {
    public static let byteCount = 32
    public let bytes: [UInt8]

    /// Nil when there are not exactly 32 bytes.
    public init?(bytes: some Collection<UInt8>) {
        guard bytes.count == Self.byteCount else { return nil }
        self.bytes = Array(bytes)
    }

    /// What RSKIP110 leaves of the header's Keccak-256: its first 20 bytes. It names the block.
    public var prefix: [UInt8] { Array(bytes.prefix(RSKForkData.prefixSize)) }

    public var forkData: RSKForkData { RSKForkData(uncheckedBytes: Array(bytes.suffix(RSKForkData.byteCount))) }

    /// 64 hex digits.
    public var description: String { Hex.encode(bytes) }
}
