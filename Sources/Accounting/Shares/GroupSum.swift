/// Sums a group's entries by worker. Its tables are kept from group to group, so a share costs two array accesses and no allocation.
struct GroupSum {
    /// `place[handle]` is the index in `credits` when `stamp[handle]` is the running group's number.
    private var place: [UInt32] = []
    private var stamp: [UInt32] = []
    private var group: UInt32 = 0
    private var credits: [ShareGroup.Credit] = []
    private var refusals: [UInt64: UInt64] = [:]

    /// The heaviest a share may be. A target's weight is as large as its miner likes, the largest of a real hash lies far below; with this no
    /// sum can overflow.
    static let heaviest: UInt128 = 1 << 100

    /// The entries as one group; nil when an entry names a worker that is not among the first `workers` handles.
    mutating func sum(_ entries: [ShareEntry], sequence: UInt64, time: Int64, workers: Int) -> ShareGroup? {
        begin(workers: workers)
        for entry in entries {
            let handle = Int(entry.worker)
            guard handle < workers else { return nil }
            if entry.reason == 0 {
                credit(entry, at: handle)
            } else {
                refusals[UInt64(entry.worker) << 8 | UInt64(RejectCounts.slot(entry.reason)), default: 0] += 1
            }
        }
        var group = ShareGroup(sequence: sequence, time: time, credits: credits)
        group.refusals = refusals.map { key, count in
            ShareGroup.Refusal(worker: UInt32(key >> 8), reason: UInt8(key & 0xff), count: count)
        }
        return group
    }

    private mutating func begin(workers: Int) {
        credits.removeAll(keepingCapacity: true)
        refusals.removeAll(keepingCapacity: true)
        group &+= 1
        if group == 0 {
            // The stamp wrapped: stale stamps of four billion groups ago must not match.
            stamp = Array(repeating: 0, count: stamp.count)
            group = 1
        }
        if stamp.count < workers {
            let more = max(workers, stamp.count * 2) - stamp.count
            stamp.append(contentsOf: repeatElement(0, count: more))
            place.append(contentsOf: repeatElement(0, count: more))
        }
    }

    private mutating func credit(_ entry: ShareEntry, at handle: Int) {
        let weight = min(entry.weight, Self.heaviest)
        guard stamp[handle] == group else {
            stamp[handle] = group
            place[handle] = UInt32(credits.count)
            credits.append(.init(worker: entry.worker, count: 1, weight: weight, best: entry.difficulty))
            return
        }
        let index = Int(place[handle])
        credits[index].count += 1
        credits[index].weight += weight
        if entry.difficulty > credits[index].best { credits[index].best = entry.difficulty }
    }
}
