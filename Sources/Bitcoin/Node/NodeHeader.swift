public import Hashing
internal import JSON

/// What `getblockheader` says of a block.
public struct NodeHeader: Sendable, Equatable {
    public var header: BlockHeader
    public var hash: Hash256
    public var height: UInt32
    /// 1 for the tip, −1 for a block that is not on the active chain.
    public var confirmations: Int64
    /// Median of the block's and ten earlier times (BIP113), Unix seconds.
    public var medianTime: UInt32
    /// The block that follows on the active chain; nil for the tip.
    public var nextHash: Hash256?

    public var isOnActiveChain: Bool { confirmations > 0 }

    init(_ cursor: JSONCursor) throws(JSONError) {
        hash = try cursor.required("hash", as: .hash)
        height = try cursor.required("height", as: .fitting(UInt32.self))
        confirmations = try cursor.required("confirmations", as: .integer)
        medianTime = try cursor.required("mediantime", as: .fitting(UInt32.self))
        nextHash = try cursor.optional("nextblockhash", as: .hash)
        header = BlockHeader(
            // Signed in JSON, a set of bits in the header.
            version: UInt32(bitPattern: try cursor.required("version", as: .fitting(Int32.self))),
            // The genesis block has none.
            previousHash: try cursor.optional("previousblockhash", as: .hash) ?? .zero,
            merkleRoot: try cursor.required("merkleroot", as: .hash),
            time: try cursor.required("time", as: .fitting(UInt32.self)),
            bits: try cursor.required("bits", as: .bits),
            nonce: try cursor.required("nonce", as: .fitting(UInt32.self))
        )
    }
}
