internal import CHashing

extension HashEngine {
    /// SHA-256d of each pair of neighbours, in the widest lanes there are: a level of a Merkle tree.
    static func nodes(of hashes: ArraySlice<Hash256>) -> [Hash256] {
        let count = hashes.count / 2
        let engine = available[0]
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
