/// The siblings that fold a transaction's id into the Merkle root, leaf to root.
public struct MerkleBranch: Hashable, Sendable {
    public let siblings: [Hash256]

    public init(siblings: [Hash256]) {
        self.siblings = siblings
    }

    /// The coinbase's branch: leaf 0 of a block whose other transactions have these ids, in block order.
    ///
    /// It does not depend on the coinbase, so a job's is made once and every share folds its own coinbase into it.
    public init(coinbaseBefore others: some Collection<Hash256>) {
        var siblings: [Hash256] = []
        // The nodes right of the path; the path's own node at each level is not known and not needed.
        var nodes = Array(others)
        while let sibling = nodes.first {
            siblings.append(sibling)
            nodes = MerkleBranch.parents(of: nodes.dropFirst())
        }
        self.siblings = siblings
    }

    /// The root above leaf 0.
    public func root(coinbase: Hash256) -> Hash256 {
        siblings.reduce(coinbase) { Hash256.sha256d($0, $1) }
    }

    /// The root above the leaf at `index`: bit n of the index says whether level n's sibling stands to the left.
    public func root(leaf: Hash256, index: UInt64) -> Hash256 {
        var node = leaf
        var index = index
        for sibling in siblings {
            node = index & 1 == 0 ? .sha256d(node, sibling) : .sha256d(sibling, node)
            index >>= 1
        }
        return node
    }

    /// The root of a whole list of ids; nil for an empty one.
    public static func root(of leaves: some Collection<Hash256>) -> Hash256? {
        var nodes = Array(leaves)
        while nodes.count > 1 { nodes = parents(of: nodes[...]) }
        return nodes.first
    }

    /// One level up. An odd last node is paired with itself, as the parent chain's rule has it.
    private static func parents(of nodes: ArraySlice<Hash256>) -> [Hash256] {
        guard let last = nodes.last else { return [] }
        let even = nodes.count.isMultiple(of: 2) ? nodes : nodes + [last]
        return HashEngine.nodes(of: even)
    }
}
