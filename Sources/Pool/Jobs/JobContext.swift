import Bitcoin
import Hashing
import MergeMining
import Stratum

/// What the pool remembers with a job, to make blocks of its solutions.
final class JobContext: Sendable {
    let tip: ParentTip
    let template: BlockTemplate
    /// What the plan was made of beside the works, to make it again.
    let parent: CommitmentPlan.Parent
    /// The coinbase, and the auxiliary works it commits to.
    let plan: CommitmentPlan
    /// The parent block's whole value, satoshi.
    let reward: Int64
    /// One for each of `plan.works`.
    let quotas: [WorkQuota]

    init(tip: ParentTip, template: BlockTemplate, parent: CommitmentPlan.Parent, plan: CommitmentPlan, quotas: [WorkQuota]) {
        self.tip = tip
        self.template = template
        self.parent = parent
        self.plan = plan
        self.quotas = quotas
        reward = template.coinbaseValue
    }

    /// The works among a solution's goals that it may be sent for. Each takes a place of its work's quota.
    /// - Returns: indices into `plan.works`, and how many more goals were surplus.
    func take(_ goals: UInt64) -> (works: [Int], surplus: Int) {
        let wanted = quotas.indices.filter { $0 < 63 && goals & 2 << UInt64($0) != 0 }
        let works = wanted.filter { quotas[$0].take() }
        return (works, wanted.count - works.count)
    }
}

extension Job {
    /// A job whose header and coinbase are what its context says.
    /// - Parameter version: with every bit that miners may roll cleared.
    convenience init(_ context: JobContext, id: JobID, group: UInt32, tip: UInt64, version: UInt32, time: UInt32) {
        let template = context.template
        let body = template.body
        self.init(
            id: id,
            group: group,
            tip: tip,
            previousHash: template.previousHash,
            version: version,
            bits: template.bits,
            time: time,
            minimumTime: template.minimumTime,
            coinbasePrefix: context.plan.layout.prefix,
            extranonceSize: context.plan.layout.extranonceSize,
            coinbaseSuffix: context.plan.layout.suffix,
            branch: template.branch.siblings,
            networkTarget: template.target,
            auxiliaryTargets: context.plan.works.map(\.target),
            transactions: { body.jsonArray() },
            context: context
        )
    }

    /// Nil for a job that some other pool made, which does not happen: every job of this pool is made with one.
    var poolContext: JobContext? { context as? JobContext }
}
