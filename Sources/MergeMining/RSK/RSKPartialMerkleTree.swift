public import Hashing

/// The Merkle proof from before RSKIP92: a serialised partial Merkle tree, as `merkleblock` messages carry it.
///
/// Bytes: 4 bytes little-endian number of transactions; a CompactSize and as many hashes in internal order; a CompactSize and as many
/// bytes of flag bits, the lowest bit first. Needed only to judge old blocks.
public struct RSKPartialMerkleTree: Hashable, Sendable {
    let transactions: UInt32
    let hashes: [Hash256]
    let flags: [UInt8]

    /// More transactions than this do not fit a block, so a tree that claims them is refused.
    private static let mostTransactions: UInt32 = 1_000_000 / 60

    public init(bytes: [UInt8]) throws(RSKReject) {
        var rest = bytes[...]
        guard rest.count >= 4 else { throw .merkleProofFormat }
        transactions = UInt32(littleEndian: rest.prefix(4))
        rest = rest.dropFirst(4)
        guard let count = Self.readCount(&rest), count <= rest.count / 32 else { throw .merkleProofFormat }
        hashes = (0..<count).compactMap { Hash256(internalBytes: rest.dropFirst(32 * $0).prefix(32)) }
        rest = rest.dropFirst(32 * count)
        guard let flagBytes = Self.readCount(&rest), flagBytes == rest.count else { throw .merkleProofFormat }
        flags = Array(rest)
    }

    /// A CompactSize, canonical or not; nil when it is cut short or larger than anything here can be.
    private static func readCount(_ bytes: inout ArraySlice<UInt8>) -> Int? {
        guard let first = bytes.popFirst() else { return nil }
        let size = [253: 2, 254: 4, 255: 8][first] ?? 0
        guard size > 0 else { return Int(first) }
        guard bytes.count >= size else { return nil }
        let value = UInt64(littleEndian: bytes.prefix(size))
        bytes = bytes.dropFirst(size)
        return Int(exactly: value)
    }

    /// The root and the ids it proves.
    public func rootAndMatches() throws(RSKReject) -> (root: Hash256, matches: Set<Hash256>) {
        guard transactions > 0, transactions <= Self.mostTransactions, hashes.count <= transactions, flags.count * 8 >= hashes.count else {
            throw .partialMerkleTree
        }
        var height = 0
        while width(height) > 1 { height += 1 }
        var walk = Walk(tree: self)
        let root = try walk.node(height: height, position: 0)
        guard (walk.usedBits + 7) / 8 == flags.count, walk.usedHashes == hashes.count else { throw .partialMerkleTree }
        return (root, walk.matches)
    }

    /// Nodes at a height above the leaves.
    private func width(_ height: Int) -> Int {
        (Int(transactions) + (1 << height) - 1) >> height
    }

    /// The walk over the tree, flags and hashes used in depth-first order. Its depth is the tree's height, at most 15.
    private struct Walk {
        let tree: RSKPartialMerkleTree
        var usedBits = 0
        var usedHashes = 0
        var matches: Set<Hash256> = []

        mutating func node(height: Int, position: Int) throws(RSKReject) -> Hash256 {
            guard usedBits < tree.flags.count * 8 else { throw .partialMerkleTree }
            let flag = tree.flags[usedBits / 8] >> (usedBits % 8) & 1 == 1
            usedBits += 1
            guard height > 0, flag else {
                guard usedHashes < tree.hashes.count else { throw .partialMerkleTree }
                let hash = tree.hashes[usedHashes]
                usedHashes += 1
                if height == 0, flag { matches.insert(hash) }
                return hash
            }
            let left = try node(height: height - 1, position: 2 * position)
            guard 2 * position + 1 < tree.width(height - 1) else { return try RSKMerkleProof.parent(left, left) }
            let right = try node(height: height - 1, position: 2 * position + 1)
            // Two equal children are how a block with repeated transactions passes for another (CVE-2012-2459).
            guard left != right else { throw .partialMerkleTree }
            return try RSKMerkleProof.parent(left, right)
        }
    }
}
