internal import CHashing

extension HashEngine {
    /// The engine for Merkle trees: the one that `POOL_SHA256` names, else the widest whose self-test passes. Trees come once a job, so
    /// neither clocks nor other work matter here.
    private static let forTrees: HashEngine = {
        let named = override.flatMap { try? HashEngine.named($0) }
        return ((named.map { [$0] } ?? []) + available).first { $0.selfTest() } ?? scalar
    }()

    /// SHA-256d of each pair of neighbours: a level of a Merkle tree.
    static func nodes(of hashes: ArraySlice<Hash256>) -> [Hash256] {
        let count = hashes.count / 2
        let engine = forTrees
        return [Hash256](unsafeUninitializedCapacity: count) { output, initialized in
            // A hash's memory is its 32 bytes in internal order, so neighbours are a node's 64 bytes as they stand.
            hashes.withUnsafeBytes { input in
                guard let input = input.baseAddress, let output = output.baseAddress else { return }
                for first in stride(from: 0, to: count, by: engine.lanes) {
                    engine.kernel.pointee.nodes(input + 64 * first, UInt32(Swift.min(engine.lanes, count - first)), output + first)
                }
            }
            initialized = count
        }
    }
}
