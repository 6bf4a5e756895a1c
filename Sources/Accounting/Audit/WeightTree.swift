internal import Hashing

/// The Merkle tree over a round's (account, weight) rows, summed on the way up: the root fixes every row and their total.
///
/// ```
/// leaf = SHA-256(0x00 ‖ weight ‖ account)
/// node = SHA-256(0x01 ‖ left sum ‖ left hash ‖ right sum ‖ right hash), its sum is left sum + right sum
/// root = SHA-256(0x02 ‖ sum ‖ top hash)
/// ```
/// Weights and sums are 16 bytes, big-endian; accounts UTF-8. Rows stand in the order of their accounts' bytes; a node without a neighbour rises
/// as it is. A miner who checks its own path sees its weight and the total it was paid by, and that no sum on the way is less than its parts.
struct WeightTree {
    struct Node: Equatable, Sendable {
        var sum: UInt128
        var hash: [UInt8]
    }

    /// Lowest level first; the last has one node. Empty for no rows.
    private let levels: [[Node]]
    private let rows: [(account: String, weight: UInt128)]

    init(_ rows: [(account: String, weight: UInt128)]) {
        self.rows = rows.sorted { Array($0.account.utf8).lexicographicallyPrecedes(Array($1.account.utf8)) }
        var level = self.rows.map { Self.leaf(account: $0.account, weight: $0.weight) }
        var levels = [level]
        while level.count > 1 {
            level = stride(from: 0, to: level.count, by: 2).map { index in
                index + 1 < level.count ? Self.node(level[index], level[index + 1]) : level[index]
            }
            levels.append(level)
        }
        self.levels = levels
    }

    var total: UInt128 { levels.last?.first?.sum ?? 0 }

    /// 32 bytes; all zero for no rows.
    var root: [UInt8] {
        guard let top = levels.last?.first else { return [UInt8](repeating: 0, count: 32) }
        return Self.root(top)
    }

    /// The way from an account's row to the root; nil when it has none.
    func proof(of account: String) -> (weight: UInt128, path: [InclusionProof.Step])? {
        guard let index = rows.firstIndex(where: { $0.account == account }) else { return nil }
        var path: [InclusionProof.Step] = []
        var position = index
        for level in levels.dropLast() {
            let neighbour = position ^ 1
            if neighbour < level.count {
                path.append(.init(isLeft: neighbour < position, sum: level[neighbour].sum, hash: level[neighbour].hash))
            }
            position /= 2
        }
        return (rows[index].weight, path)
    }

    static func leaf(account: String, weight: UInt128) -> Node {
        Node(sum: weight, hash: hash([0] + bigEndian(weight) + Array(account.utf8)))
    }

    static func node(_ left: Node, _ right: Node) -> Node {
        Node(sum: left.sum &+ right.sum, hash: hash([1] + bigEndian(left.sum) + left.hash + bigEndian(right.sum) + right.hash))
    }

    static func root(_ top: Node) -> [UInt8] { hash([2] + bigEndian(top.sum) + top.hash) }

    private static func hash(_ bytes: [UInt8]) -> [UInt8] {
        var digest = SHA256()
        digest.update(bytes)
        return digest.finalize()
    }

    private static func bigEndian(_ value: UInt128) -> [UInt8] {
        withUnsafeBytes(of: value.bigEndian) { Array($0) }
    }
}
