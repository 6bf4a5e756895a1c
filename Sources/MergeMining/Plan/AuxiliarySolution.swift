import Hashing
public import JSON

/// A solved work, ready to be sent to the node that issued it: all that is needed to send it again after a restart.
public struct AuxiliarySolution: Equatable, Sendable {
    public enum Kind: String, Sendable {
        case rsk
        case auxPow = "auxpow"
    }

    public let kind: Kind
    /// The chain's configured name.
    public let chain: String
    /// The node that issued the work.
    public let node: String
    /// The work's id: the hash that was committed to, hex.
    public let work: String
    /// The height of the block.
    public let height: Int64
    /// The block's id in display order where it is known before the node answers: not RSK's.
    public let blockID: String?
    /// The id of the auxiliary block it builds on, hex.
    public let previous: String
    /// The solved parent header's hash, display order.
    public let parentHash: String
    /// What the block pays where the work told it, in the chain's smallest unit, decimal.
    public let reward: String
    public let method: String
    /// An array, or for Elastos an object.
    public let parameters: JSONValue
    /// Bytes of the proof itself.
    public let proofSize: Int

    public init(
        kind: Kind,
        chain: String,
        node: String,
        work: String,
        height: Int64,
        blockID: String?,
        previous: String,
        parentHash: String,
        reward: String,
        method: String,
        parameters: JSONValue,
        proofSize: Int
    ) {
        self.kind = kind
        self.chain = chain
        self.node = node
        self.work = work
        self.height = height
        self.blockID = blockID
        self.previous = previous
        self.parentHash = parentHash
        self.reward = reward
        self.method = method
        self.parameters = parameters
        self.proofSize = proofSize
    }

    /// For the block journal.
    public var json: JSONValue {
        [
            "kind": .string(kind.rawValue), "chain": .string(chain), "node": .string(node), "work": .string(work), "height": .integer(height),
            "block": blockID.map { .string($0) } ?? .null, "previous": .string(previous), "parent": .string(parentHash), "reward": .string(reward),
            "method": .string(method), "parameters": parameters, "size": JSONValue(proofSize),
        ]
    }

    /// Reads what ``json`` wrote.
    public init(_ value: JSONValue) throws(JSONError) {
        let object = JSONCursor(value)
        let kind = try object.required("kind", as: JSONType("rsk or auxpow") { $0.string.flatMap(Kind.init(rawValue:)) })
        self.init(
            kind: kind,
            chain: try object.required("chain", as: .string),
            node: try object.required("node", as: .string),
            work: try object.required("work", as: .string),
            height: try object.required("height", as: .integer),
            blockID: try object.optional("block", as: .string),
            previous: try object.required("previous", as: .string),
            parentHash: try object.required("parent", as: .string),
            reward: try object.required("reward", as: .string),
            method: try object.required("method", as: .string),
            parameters: try object.required("parameters", as: .any),
            proofSize: try object.required("size", as: .fitting(Int.self))
        )
    }
}

extension AuxiliarySolution {
    /// The parent header's time, Unix seconds; nil for AuxPoW, whose chains do not look at it.
    var parentTime: UInt32? {
        guard kind == .rsk, let header = parameters[1]?.string.flatMap({ Hex.decode($0) }), header.count >= 80 else { return nil }
        return header[68..<72].reversed().reduce(0) { $0 << 8 | UInt32($1) }
    }
}
