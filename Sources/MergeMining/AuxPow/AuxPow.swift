public import Bitcoin
public import Hashing

/// The object behind an auxiliary chain's header: proof that a parent block's work commits to it.
///
/// On the wire: coinbase, parent hash, coinbase branch and index, chain branch and index, parent header. No length prefix.
public struct AuxPow: Hashable, Sendable {
    /// Longer chain branches are refused (by all but Elastos, whose arithmetic breaks beyond).
    public static let longestChainBranch = 30

    /// The parent's coinbase. Always sent without witness, because Elastos reads no other form.
    public var coinbase: Transaction
    /// The parent's hash as the field holds it. No node looks at it, but proxies search for it and want it in *display* order.
    public var parentHash: [UInt8]
    /// The coinbase's Merkle siblings in the parent block.
    public var coinbaseBranch: MerkleBranch
    /// Must say leaf 0: Elastos folds with it, Dogecoin refuses others, the rest ignore it.
    public var coinbaseIndex: Int32
    /// The auxiliary block's siblings in the ``AuxiliaryTree``.
    public var chainBranch: MerkleBranch
    /// The chain's slot in that tree.
    public var chainIndex: Int32
    public var parent: BlockHeader

    public init(
        coinbase: Transaction,
        parentHash: [UInt8],
        coinbaseBranch: MerkleBranch,
        coinbaseIndex: Int32 = 0,
        chainBranch: MerkleBranch,
        chainIndex: Int32,
        parent: BlockHeader
    ) {
        self.coinbase = coinbase
        self.parentHash = parentHash
        self.coinbaseBranch = coinbaseBranch
        self.coinbaseIndex = coinbaseIndex
        self.chainBranch = chainBranch
        self.chainIndex = chainIndex
        self.parent = parent
    }

    /// The proof for one chain of `tree` from a solved parent; nil for a chain that the tree does not know.
    public init?(chain: ChainID, tree: AuxiliaryTree, coinbase: Transaction, branch: MerkleBranch, parent: BlockHeader) {
        guard let slot = tree.shape.slots[chain], let siblings = tree.branch(of: chain) else { return nil }
        self.init(
            coinbase: coinbase,
            parentHash: parent.hash.internalBytes.reversed(),
            coinbaseBranch: branch,
            chainBranch: siblings,
            chainIndex: Int32(slot),
            parent: parent
        )
    }
}
