import Hashing
public import JSON

/// What became of a solution that a node took: the words are the node's own.
public enum RSKImportStatus: String, CaseIterable, Sendable {
    case best = "IMPORTED_BEST"
    /// A sibling of the best block, still payable as an uncle.
    case notBest = "IMPORTED_NOT_BEST"
    case exists = "EXIST"
    case noParent = "NO_PARENT"
    case invalid = "INVALID_BLOCK"
    case consensusBreak = "CONSENSUS_BREAK"

    /// Whether the block is in the node's store now.
    public var isImported: Bool { self == .best || self == .notBest }
}

/// The result of a `mnr_submitBitcoinBlock…` call. That there is one does not say that the block was taken.
public struct RSKImport: Hashable, Sendable {
    public let status: RSKImportStatus
    /// The RSK block id, hex without `0x`.
    public let blockHash: String
    public let height: UInt64

    public init(status: RSKImportStatus, blockHash: String, height: UInt64) {
        self.status = status
        self.blockHash = blockHash
        self.height = height
    }

    public init(_ result: JSONValue) throws(AuxiliaryReplyError) {
        func digits(_ key: String) throws(AuxiliaryReplyError) -> Substring {
            guard let text = result[key]?.string, text.hasPrefix("0x") else { throw .member(key) }
            return text.dropFirst(2)
        }
        let name = Hex.decode(try digits("blockImportedResult")).map { String(decoding: $0, as: UTF8.self) }
        guard let status = name.flatMap(RSKImportStatus.init(rawValue:)) else { throw .member("blockImportedResult") }
        let hash = try digits("blockHash")
        guard Hex.decode(hash)?.count == 32 else { throw .member("blockHash") }
        guard let height = UInt64(try digits("blockIncludedHeight"), radix: 16) else { throw .member("blockIncludedHeight") }
        self.init(status: status, blockHash: hash.lowercased(), height: height)
    }

    /// The result as a node writes it.
    public var json: JSONValue {
        [
            "blockImportedResult": .string("0x" + Hex.encode(status.rawValue.utf8)), "blockHash": .string("0x" + blockHash),
            "blockIncludedHeight": .string("0x" + String(height, radix: 16)),
        ]
    }
}
