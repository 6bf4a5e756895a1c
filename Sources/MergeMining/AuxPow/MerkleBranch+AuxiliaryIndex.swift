public import Hashing

extension MerkleBranch {
    /// The root above `leaf` by the AuxPoW family's index field: a signed number of which −1 says "in no tree" and gives 32 zero bytes.
    public func root(leaf: Hash256, auxiliaryIndex index: Int32) -> Hash256 {
        index == -1 ? .zero : root(leaf: leaf, index: UInt64(bitPattern: Int64(index)))
    }
}
