import Hashing
import Randomness
import Testing

@Suite struct MerkleBranchTests {
    /// The definition, level by level, over OpenSSL.
    private func slowRoot(_ leaves: [[UInt8]]) -> [UInt8] {
        var nodes = leaves
        while nodes.count > 1 {
            if !nodes.count.isMultiple(of: 2) { nodes.append(nodes[nodes.count - 1]) }
            nodes = stride(from: 0, to: nodes.count, by: 2).map { OpenSSL.sha256d(nodes[$0] + nodes[$0 + 1]) }
        }
        return nodes[0]
    }

    @Test(arguments: 1...40)
    func coinbaseBranchFoldsToTheRoot(count: Int) {
        var random = SeededGenerator(seed: UInt64(count))
        let leaves = (0..<count).map { _ in random.hash() }
        let branch = MerkleBranch(coinbaseBefore: leaves.dropFirst())
        let root = slowRoot(leaves.map(\.internalBytes))
        #expect(branch.root(coinbase: leaves[0]).internalBytes == root)
        #expect(branch.root(leaf: leaves[0], index: 0).internalBytes == root)
        #expect(MerkleBranch.root(of: leaves)?.internalBytes == root)
        #expect(branch.siblings.count == (count - 1).bitWidth - (count - 1).leadingZeroBitCount)
    }

    @Test func foldsALeafFromEitherSide() {
        var random = SeededGenerator(seed: 12)
        let leaves = (0..<4).map { _ in random.hash() }
        let branch = MerkleBranch(siblings: [leaves[3], .sha256d(leaves[0], leaves[1])])
        #expect(branch.root(leaf: leaves[2], index: 2) == MerkleBranch.root(of: leaves))
        #expect(branch.root(leaf: leaves[2], index: 1) != MerkleBranch.root(of: leaves))
    }

    @Test func noLeavesNoRoot() {
        #expect(MerkleBranch.root(of: []) == nil)
    }
}
