public import Hashing

/// The Merkle proof of RSKIP92: the right-hand siblings of the coinbase, leaf to root, each in *display* order, nothing between them.
public enum RSKMerkleProof {
    /// RSKIP180: 30 hashes.
    public static let mostBytes = 960

    /// The stored form of a Stratum branch (internal order).
    public static func bytes(_ branch: MerkleBranch) -> [UInt8] {
        branch.siblings.flatMap { $0.internalBytes.reversed() }
    }

    /// The siblings of a stored proof; nil when it is not a whole number of hashes.
    public static func branch(_ bytes: [UInt8]) -> MerkleBranch? {
        guard bytes.count.isMultiple(of: 32) else { return nil }
        return MerkleBranch(siblings: stride(from: 0, to: bytes.count, by: 32).compactMap { Hash256(internalBytes: bytes[$0..<$0 + 32].reversed()) })
    }

    /// The root that the coinbase and its siblings lead to, always from the left.
    public static func root(coinbase: Hash256, branch: MerkleBranch) throws(RSKReject) -> Hash256 {
        var node = coinbase
        for sibling in branch.siblings { node = try parent(node, sibling) }
        return node
    }

    /// An inner node, refused when its 64 bytes could be a transaction: that is how a forged proof hides a leaf.
    static func parent(_ left: Hash256, _ right: Hash256) throws(RSKReject) -> Hash256 {
        guard !looksLikeTransaction(left, right) else { throw .nodeLooksLikeTransaction }
        return .sha256d(left, right)
    }

    /// Whether the two hashes *in display order*, as the node looks at them, read as a 64-byte transaction with one input and one output.
    static func looksLikeTransaction(_ left: Hash256, _ right: Hash256) -> Bool {
        let bytes = [UInt8](left.internalBytes.reversed() + right.internalBytes.reversed())
        guard bytes[4] == 1 else { return false }
        let output = UInt32(littleEndian: bytes[37..<41])
        guard output <= 1_000_000 || output == .max else { return false }
        let inputScript = Int(bytes[41])
        guard inputScript <= 4 else { return false }
        let outputs = 42 + inputScript + 4
        guard bytes[outputs] == 1 else { return false }
        let value = Int64(littleEndian: bytes[outputs + 1..<outputs + 9])
        guard (1...2_100_000_000_000_000).contains(value) else { return false }
        return inputScript + Int(bytes[outputs + 9]) == 4
    }
}
