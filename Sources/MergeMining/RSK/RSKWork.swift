public import Hashing
public import JSON

/// What `mnr_getWork` gives: one RSK block to be mined.
///
/// Two works on one parent can have different targets, so the target stays with the work.
public struct RSKWork: Hashable, Sendable {
    public let hash: RSKMiningHash
    public let target: Target
    /// The id of the RSK block this one builds on, 32 bytes as its hex is written.
    public let parent: [UInt8]
    /// What the block's transactions pay, in wei of RBTC, decimal as the node writes it.
    public let fees: String
    /// The node's hint that miners should change over. It is cleared by whoever asks first, so nothing rests on it.
    public let notify: Bool

    public init(hash: RSKMiningHash, target: Target, parent: [UInt8], fees: String = "0", notify: Bool = false) {
        self.hash = hash
        self.target = target
        self.parent = parent
        self.fees = fees
        self.notify = notify
    }

    /// Reads the method's result.
    public init(_ result: JSONValue) throws(AuxiliaryReplyError) {
        func hex(_ key: String) throws(AuxiliaryReplyError) -> [UInt8] {
            guard let text = result[key]?.string, text.hasPrefix("0x"), let bytes = Hex.decode(text.dropFirst(2)), bytes.count == 32 else {
                throw .member(key)
            }
            return bytes
        }
        guard let hash = RSKMiningHash(bytes: try hex("blockHashForMergedMining")) else { throw .member("blockHashForMergedMining") }
        guard let target = result["target"]?.string.flatMap({ Target(rskHex: $0) }), target.value != .zero else { throw .member("target") }
        self.init(
            hash: hash,
            target: target,
            parent: try hex("parentBlockHash"),
            fees: result["feesPaidToMiner"]?.string ?? "0",
            notify: result["notify"]?.bool ?? false
        )
    }

    /// The result as a node writes it.
    public var json: JSONValue {
        [
            "blockHashForMergedMining": .string("0x" + hash.description), "target": .string(target.rskHex), "feesPaidToMiner": .string(fees),
            "notify": .bool(notify), "parentBlockHash": .string("0x" + Hex.encode(parent)),
        ]
    }

    /// The block's height: the last four bytes of the hash say it; the node does not.
    public var height: UInt32 { hash.forkData.height }
}
