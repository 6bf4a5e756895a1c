import MergeMining
import Stratum
import Synchronization

/// How many more solutions of one auxiliary work are of use.
///
/// It is counted on the loops' threads, so that the surplus costs neither a proof nor the journal. All jobs that commit to the work share it.
final class WorkQuota: Sendable {
    private let left: Atomic<Int>

    init(_ limit: Int) {
        left = Atomic(limit)
    }

    /// Places that are left; below zero for a work that is over.
    var places: Int { left.load(ordering: .relaxed) }

    /// Takes a place; false when there is none.
    func take() -> Bool {
        if left.subtract(1, ordering: .relaxed).oldValue > 0 { return true }
        left.add(1, ordering: .relaxed)
        return false
    }

    /// A solution that took a place proved nothing: somebody else's may.
    func giveBack() { left.add(1, ordering: .relaxed) }

    /// The work's chain has taken a block, or forgotten the work: no solution of it is of use any more.
    func close() { left.store(.min / 2, ordering: .relaxed) }
}

/// The quotas of all works that jobs still commit to.
struct WorkQuotas {
    private struct Key: Hashable {
        let chain: String
        let work: String
    }

    /// Nodes hand out templates in turn, so a work that is gone may return.
    private static let mostKept = 128

    private var quotas: [Key: WorkQuota] = [:]

    init() {}

    /// Those of the works that these jobs commit to.
    init(_ jobs: [Job]) {
        for context in jobs.compactMap(\.poolContext) {
            for (work, quota) in zip(context.plan.works, context.quotas) { quotas[Key(chain: work.chain, work: work.id)] = quota }
        }
    }

    /// One for each work, in their order.
    mutating func callAsFunction(for works: [AuxiliaryWork]) -> [WorkQuota] {
        let keys = works.map { Key(chain: $0.chain, work: $0.id) }
        if quotas.count > Self.mostKept { quotas = quotas.filter { keys.contains($0.key) } }
        return zip(works, keys).map { work, key in
            let quota = quotas[key] ?? WorkQuota(work.solutionLimit)
            quotas[key] = quota
            return quota
        }
    }
}
