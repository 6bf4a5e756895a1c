public import Hashing

/// The Merkle tree over the auxiliary chains' block hashes, whose root stands in the parent coinbase.
///
/// Its size follows from the *configured* chains, so no slot moves when a chain is down: that chain's leaf is 32 zero bytes.
public struct AuxiliaryTree: Hashable, Sendable {
    /// Which chain has which slot; decided once from the configuration.
    public struct Shape: Hashable, Sendable {
        /// The tree has 2^`height` leaves.
        public let height: Int
        public let nonce: UInt32
        public let slots: [ChainID: UInt32]

        /// The smallest tree in which every chain has a slot of its own.
        public init(chains: [ChainID], nonce: UInt32 = 0) throws(AuxiliaryTreeError) {
            try self.init(chains: chains, height: Shape.smallestHeight(for: chains), nonce: nonce)
        }

        public init(chains: [ChainID], height: Int, nonce: UInt32) throws(AuxiliaryTreeError) {
            guard (0...AuxPow.longestChainBranch).contains(height) else { throw .heightOutOfRange(height) }
            var owners: [UInt32: ChainID] = [:]
            var slots: [ChainID: UInt32] = [:]
            for chain in chains {
                let slot = chain.slot(height: height, nonce: nonce)
                if let other = owners.updateValue(chain, forKey: slot) {
                    throw other == chain ? .sameID(chain) : .sameSlot(other, chain, height: height)
                }
                slots[chain] = slot
            }
            self.height = height
            self.nonce = nonce
            self.slots = slots
        }

        /// The smallest height at which all ids differ modulo 2^height. No nonce can cure or cause a clash, so none is searched.
        public static func smallestHeight(for chains: [ChainID]) throws(AuxiliaryTreeError) -> Int {
            var seen: Set<ChainID> = []
            for chain in chains where !seen.insert(chain).inserted { throw .sameID(chain) }
            for height in 0...AuxPow.longestChainBranch {
                let mask = UInt32(1) << UInt32(height) &- 1
                if Set(chains.map { $0.value & mask }).count == chains.count { return height }
            }
            throw .inseparable
        }
    }

    public let shape: Shape
    public let root: Hash256
    private let branches: [ChainID: MerkleBranch]

    /// `leaves` are the block hashes in internal order; chains of the shape that are not among them leave a zero leaf.
    ///
    /// Sparse: the work is chains × height, not 2^height, so a tree of height 30 costs nothing either.
    public init(shape: Shape, leaves: [ChainID: Hash256]) {
        var row: [UInt32: Hash256] = [:]
        for (chain, leaf) in leaves {
            if let slot = shape.slots[chain] { row[slot] = leaf }
        }
        var filler = Hash256.zero
        var branches = shape.slots.mapValues { _ in [Hash256]() }
        for level in 0..<shape.height {
            for (chain, slot) in shape.slots {
                branches[chain]?.append(row[(slot >> UInt32(level)) ^ 1] ?? filler)
            }
            var above: [UInt32: Hash256] = [:]
            for position in Set(row.keys.map { $0 >> 1 }) {
                let left = row[position << 1] ?? filler
                let right = row[position << 1 | 1] ?? filler
                above[position] = .sha256d(left, right)
            }
            row = above
            filler = .sha256d(filler, filler)
        }
        self.shape = shape
        self.branches = branches.mapValues { MerkleBranch(siblings: $0) }
        root = row[0] ?? filler
    }

    /// The siblings above the chain's slot; nil for a chain that the shape does not know.
    public func branch(of chain: ChainID) -> MerkleBranch? { branches[chain] }

    /// What the parent's scriptSig carries for this tree.
    public var commitment: AuxPowCommitment {
        AuxPowCommitment(root: root, size: 1 << UInt32(shape.height), nonce: shape.nonce)
    }
}

/// Why the configured chains cannot share one tree.
public enum AuxiliaryTreeError: Error, Hashable, CustomStringConvertible {
    case sameID(ChainID)
    case sameSlot(ChainID, ChainID, height: Int)
    case heightOutOfRange(Int)
    case inseparable

    public var description: String {
        switch self {
        case .sameID(let chain): "two auxiliary chains have the id \(chain); a coinbase can commit to one of them only"
        case .sameSlot(let one, let other, let height): "chains \(one) and \(other) share a slot in a tree of height \(height)"
        case .heightOutOfRange(let height): "a tree of height \(height) is outside 0…\(AuxPow.longestChainBranch)"
        case .inseparable: "no tree up to height \(AuxPow.longestChainBranch) gives every chain its own slot"
        }
    }
}
