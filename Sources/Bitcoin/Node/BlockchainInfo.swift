public import Hashing
internal import JSON

/// What `getblockchaininfo` says of a node's chain.
public struct BlockchainInfo: Sendable, Equatable {
    /// The node's own name of the chain; `chain` is nil where it is none of ours.
    public var chainName: String
    public var chain: Chain? { Chain(rawValue: chainName) }
    /// Height of the tip.
    public var blocks: UInt32
    /// Height of the best header; above `blocks` while the node catches up.
    public var headers: UInt32
    public var bestBlockHash: Hash256
    public var initialBlockDownload: Bool
    /// From 0 to 1.
    public var verificationProgress: Double
    public var difficulty: Double
    /// The tip's; nodes before version 29 do not say.
    public var bits: CompactBits?
    /// Unix seconds of the tip's header.
    public var time: UInt32?
    /// Median of the last eleven blocks' times (BIP113), Unix seconds.
    public var medianTime: UInt32?
    /// The script that signs blocks of a signet (BIP325), raw.
    public var signetChallenge: [UInt8]?

    init(_ cursor: JSONCursor) throws(JSONError) {
        chainName = try cursor.required("chain", as: .string)
        blocks = try cursor.required("blocks", as: .fitting(UInt32.self))
        headers = try cursor.required("headers", as: .fitting(UInt32.self))
        bestBlockHash = try cursor.required("bestblockhash", as: .hash)
        initialBlockDownload = try cursor.required("initialblockdownload", as: .bool)
        verificationProgress = try cursor.required("verificationprogress", as: .double)
        difficulty = try cursor.required("difficulty", as: .double)
        bits = try cursor.optional("bits", as: .bits)
        time = try cursor.optional("time", as: .fitting(UInt32.self))
        medianTime = try cursor.optional("mediantime", as: .fitting(UInt32.self))
        signetChallenge = try cursor.optional("signet_challenge", as: .hex)
    }
}

/// What `getnetworkinfo` says of a node.
public struct NetworkInfo: Sendable, Equatable {
    /// 280100 for 28.1.0.
    public var version: Int64
    /// `/Satoshi:28.1.0/`.
    public var subversion: String
    public var connections: Int64

    init(_ cursor: JSONCursor) throws(JSONError) {
        version = try cursor.required("version", as: .integer)
        subversion = try cursor.required("subversion", as: .string)
        connections = try cursor.required("connections", as: .integer)
    }
}
