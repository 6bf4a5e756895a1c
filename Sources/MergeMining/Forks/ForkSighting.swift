public import Bitcoin
import Hashing

/// An RSK tag in the coinbase of a parent block: hashpower that was building on an RSK block.
public struct ForkSighting: Hashable, Sendable {
    /// The parent block.
    public let parentHeight: Int64
    /// Display order.
    public let parentHash: String
    public let hash: RSKMiningHash

    public init(parentHeight: Int64, parentHash: String, hash: RSKMiningHash) {
        self.parentHeight = parentHeight
        self.parentHash = parentHash
        self.hash = hash
    }

    /// Reads the last tag of a coinbase; nil without one, or for a work from before fork-detection data.
    public init?(parentHeight: Int64, parentHash: String, coinbase: Transaction) {
        guard let hash = RSKTag.lastHash(in: coinbase.witnessless), hash.forkData.height >= RSKForkData.ancestorsNeeded else { return nil }
        self.init(parentHeight: parentHeight, parentHash: parentHash, hash: hash)
    }

    /// BN: the height of the RSK block that was being mined.
    public var height: Int64 { Int64(hash.forkData.height) }

    /// What the tag says of its chain: one byte for each of seven ancestors, by height.
    var checkpoints: [Int64: UInt8] {
        let data = hash.forkData
        return Dictionary(zip(data.vectorHeights, data.parentsVector)) { first, _ in first }
    }
}

/// A block of the RSK chain as the monitor's own node has it.
public struct ForkKnownBlock: Hashable, Sendable {
    public let height: Int64
    /// The first 20 bytes of its hash for merged mining.
    public let prefix: [UInt8]
    /// The byte that its descendants' vectors carry for it.
    public let checkpoint: UInt8

    public init(height: Int64, prefix: [UInt8], checkpoint: UInt8) {
        self.height = height
        self.prefix = prefix
        self.checkpoint = checkpoint
    }

    /// - Parameter header: the Bitcoin header that mined it.
    public init(height: Int64, hash: RSKMiningHash, header: BlockHeader) {
        self.init(height: height, prefix: hash.prefix, checkpoint: header.hash.internalBytes.first ?? 0)
    }
}
