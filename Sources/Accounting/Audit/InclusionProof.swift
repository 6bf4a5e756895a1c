/// Shows that a round counted an account with a weight; anyone can check it without the pool.
public struct InclusionProof: Sendable, Equatable {
    /// A neighbour on the way to the root.
    public struct Step: Sendable, Equatable {
        /// Whether the neighbour stands left.
        public var isLeft: Bool
        public var sum: UInt128
        /// 32 bytes.
        public var hash: [UInt8]

        public init(isLeft: Bool, sum: UInt128, hash: [UInt8]) {
            self.isLeft = isLeft
            self.sum = sum
            self.hash = hash
        }
    }

    /// Why a proof shows nothing.
    public enum Fault: String, Error, Sendable {
        case malformed
        case sumOverflows = "sum-overflows"
        case wrongTotal = "wrong-total"
        case wrongRoot = "wrong-root"
    }

    public var chain: String
    public var round: Int64
    public var account: String
    public var weight: UInt128
    /// All weights of the round.
    public var total: UInt128
    /// 32 bytes, as published.
    public var root: [UInt8]
    public var path: [Step]

    public init(chain: String, round: Int64, account: String, weight: UInt128, total: UInt128, root: [UInt8], path: [Step]) {
        self.chain = chain
        self.round = round
        self.account = account
        self.weight = weight
        self.total = total
        self.root = root
        self.path = path
    }

    /// Checks the way from the row to the root.
    public func verify() throws(Fault) {
        guard root.count == 32, path.count <= 64, path.allSatisfy({ $0.hash.count == 32 }) else { throw .malformed }
        var node = WeightTree.leaf(account: account, weight: weight)
        for step in path {
            // A neighbour's sum that wraps around could hide weight.
            guard !node.sum.addingReportingOverflow(step.sum).overflow else { throw .sumOverflows }
            let neighbour = WeightTree.Node(sum: step.sum, hash: step.hash)
            node = step.isLeft ? WeightTree.node(neighbour, node) : WeightTree.node(node, neighbour)
        }
        guard node.sum == total else { throw .wrongTotal }
        guard WeightTree.root(node) == root else { throw .wrongRoot }
    }
}
