import Bitcoin
import MergeMining
import Stratum

/// A job by its parts.
struct JobRecipe {
    private var id: UInt64 = 0
    private var group: UInt32 = 0
    private var tipCount: UInt64 = 0
    private var version: UInt32 = 0
    private var time: UInt32 = 0
    private var tip: UInt32 = 0
    private var template: UInt32 = 0
    private var run: UInt32 = 0
    private var tag = ""
    private var extranonceSize: UInt32 = 0
    private var payouts: [TransactionOutput] = []
    private var works: [UInt32] = []
    /// The auxiliary tree's height, nonce and chains; no chains where there is no tree.
    private var tree: (height: UInt32, nonce: UInt32, chains: [UInt32]) = (0, 0, [])
    /// What the coinbase must turn out to be.
    private var coinbase: [UInt8] = []

    /// To be read into.
    init() {}

    init?(_ job: Job, _ tables: JobTables) {
        guard let context = job.poolContext else { return nil }
        id = job.id.value
        group = job.group
        tipCount = job.tip
        version = job.version
        time = job.time
        tip = tables.place(of: context.tip)
        template = tables.place(of: context.template)
        run = context.parent.runNumber
        tag = context.parent.tag
        extranonceSize = UInt32(context.parent.extranonceSize)
        payouts = context.parent.payouts
        works = context.quotas.map { tables.place(of: $0) }
        if let shape = context.plan.tree?.shape {
            tree = (UInt32(shape.height), shape.nonce, shape.slots.sorted { $0.value < $1.value }.map(\.key.value))
        }
        coinbase = job.coinbasePrefix + job.coinbaseSuffix
    }

    mutating func pass(through stream: inout HandoverStream) throws(HandoverStream.Failure) {
        try stream.pass(&id)
        try stream.pass(&group)
        try stream.pass(&tipCount)
        try stream.pass(&version)
        try stream.pass(&time)
        try stream.pass(&tip)
        try stream.pass(&template)
        try stream.pass(&run)
        try stream.pass(&tag)
        try stream.pass(&extranonceSize)
        // No plan for judging is made for more.
        guard extranonceSize <= 32 else { throw .unreadable("an extranonce of \(extranonceSize) bytes") }
        try stream.pass(&payouts, blank: TransactionOutput(value: 0, script: Script())) { stream, output throws(HandoverStream.Failure) in
            var script = output.script.bytes
            try stream.pass(&output.value)
            try stream.pass(&script)
            output.script = Script(script)
        }
        try stream.pass(&works, blank: 0) { stream, place throws(HandoverStream.Failure) in try stream.pass(&place) }
        try stream.pass(&tree.height)
        try stream.pass(&tree.nonce)
        try stream.pass(&tree.chains, blank: 0) { stream, chain throws(HandoverStream.Failure) in try stream.pass(&chain) }
        try stream.pass(&coinbase)
    }

    /// Nil where the job cannot be made again: a chain is no longer configured, or this version makes coinbases otherwise. Its shares are stale
    /// then; its miners get a new job anyway.
    func job(_ tables: JobTables) -> Job? {
        guard let tip = tables.tip(at: tip), let template = tables.template(at: template) else { return nil }
        let known = works.compactMap { tables.work(at: $0) }
        guard known.count == works.count else { return nil }
        let parent = CommitmentPlan.Parent(
            height: template.height,
            runNumber: run,
            tag: tag,
            extranonceSize: Int(extranonceSize),
            payouts: payouts,
            witnessCommitment: template.witnessCommitment
        )
        let chains = tree.chains.map { ChainID($0) }
        let shape = chains.isEmpty ? nil : try? AuxiliaryTree.Shape(chains: chains, height: Int(tree.height), nonce: tree.nonce)
        let offer = AuxiliaryWorks(shape: shape, works: known.map(\.work))
        guard let plan = try? CommitmentPlan(parent, works: offer), plan.works.count == known.count else { return nil }
        let context = JobContext(tip: tip, template: template, parent: parent, plan: plan, quotas: known.map(\.quota))
        let job = Job(context, id: JobID(value: id), group: group, tip: tipCount, version: version, time: time)
        return job.coinbasePrefix + job.coinbaseSuffix == coinbase ? job : nil
    }
}
