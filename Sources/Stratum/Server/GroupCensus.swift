import Synchronization

/// Which payout groups have miners, over all loops.
final class GroupCensus: Sendable {
    private let loops = Mutex<[UInt32: Int]>([:])

    /// A loop has its first member of a group.
    func enter(_ group: UInt32) { loops.withLock { $0[group, default: 0] += 1 } }

    /// A loop has lost its last.
    func leave(_ group: UInt32) {
        loops.withLock { loops in
            guard let count = loops[group] else { return }
            loops[group] = count > 1 ? count - 1 : nil
        }
    }

    var groups: Set<UInt32> { loops.withLock { Set($0.keys) } }
}
