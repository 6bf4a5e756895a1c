import Bitcoin
import MergeMining
import Stratum
import Synchronization

/// What the pool remembers with a job, to make blocks of its solutions.
final class JobContext: Sendable {
    let tip: ParentTip
    let template: BlockTemplate
    /// The coinbase, and the auxiliary works it commits to.
    let plan: CommitmentPlan
    /// The parent block's whole value, satoshi.
    let reward: Int64
    /// Bit n + 1 for `plan.works[n]`: further solutions of that work are of no use.
    private let settled = Atomic<UInt64>(0)

    init(tip: ParentTip, template: BlockTemplate, plan: CommitmentPlan) {
        self.tip = tip
        self.template = template
        self.plan = plan
        reward = template.coinbaseValue
    }

    /// The goals that are still worth a submission.
    func open(_ goals: UInt64) -> UInt64 {
        let auxiliary = goals & ~1 & ~settled.load(ordering: .relaxed)
        return auxiliary | (tip.isDecided ? 0 : goals & 1)
    }

    /// The work's chain has taken a solution, or forgotten the work.
    func settle(work index: Int) {
        settled.bitwiseOr(1 << UInt64(index + 1), ordering: .relaxed)
    }
}

extension Job {
    /// Nil for a job that some other pool made, which does not happen: every job of this pool is made with one.
    var poolContext: JobContext? { context as? JobContext }
}
