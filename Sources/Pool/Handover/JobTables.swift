import Bitcoin
import Hashing
import MergeMining
import Stratum

/// What several jobs share, each once and by its place here.
struct JobTables {
    private(set) var tips: [ParentTip] = []
    private(set) var templates: [BlockTemplate] = []
    /// Nil where the work's chain is no longer configured.
    private(set) var works: [(work: AuxiliaryWork, quota: WorkQuota)?] = []
    private var places: [ObjectIdentifier: UInt32] = [:]

    init(_ jobs: [Job], tip: ParentTip?, template: BlockTemplate?) {
        for context in jobs.compactMap(\.poolContext) {
            add(context.tip)
            add(context.template)
            for (work, quota) in zip(context.plan.works, context.quotas) where places[ObjectIdentifier(quota)] == nil {
                places[ObjectIdentifier(quota)] = UInt32(works.count)
                works.append((work, quota))
            }
        }
        if let tip { add(tip) }
        if let template { add(template) }
    }

    private mutating func add(_ tip: ParentTip) {
        guard places[ObjectIdentifier(tip)] == nil else { return }
        places[ObjectIdentifier(tip)] = UInt32(tips.count)
        tips.append(tip)
    }

    /// A template is known by its transactions, which every copy of it shares.
    private mutating func add(_ template: BlockTemplate) {
        guard places[ObjectIdentifier(template.body)] == nil else { return }
        places[ObjectIdentifier(template.body)] = UInt32(templates.count)
        templates.append(template)
    }

    // MARK: Places

    /// Nothing has the last of all places.
    static let none = UInt32.max

    func place(of tip: ParentTip?) -> UInt32 { tip.flatMap { places[ObjectIdentifier($0)] } ?? JobTables.none }
    func place(of template: BlockTemplate?) -> UInt32 { template.flatMap { places[ObjectIdentifier($0.body)] } ?? JobTables.none }
    func place(of quota: WorkQuota) -> UInt32 { places[ObjectIdentifier(quota)] ?? JobTables.none }
    func tip(at place: UInt32) -> ParentTip? { Int(place) < tips.count ? tips[Int(place)] : nil }
    func template(at place: UInt32) -> BlockTemplate? { Int(place) < templates.count ? templates[Int(place)] : nil }
    func work(at place: UInt32) -> (work: AuxiliaryWork, quota: WorkQuota)? { Int(place) < works.count ? works[Int(place)] : nil }

    // MARK: Passing

    mutating func pass(through stream: inout HandoverStream, rules: (String) -> AuxPowRules?) throws(HandoverStream.Failure) {
        try stream.pass(&tips, blank: ParentTip(previousHash: .zero, height: 0)) { stream, tip throws(HandoverStream.Failure) in
            var (hash, height, isDecided) = (tip.previousHash, tip.height, tip.isDecided)
            try stream.pass(hash: &hash)
            try stream.pass(&height)
            try stream.pass(&isDecided)
            guard stream.isReading else { return }
            tip = ParentTip(previousHash: hash, height: height)
            if isDecided { tip.accepted() }
        }
        var forms = templates.map { TemplateForm($0) }
        try stream.pass(&forms, blank: TemplateForm()) { stream, form throws(HandoverStream.Failure) in try form.pass(through: &stream) }
        if stream.isReading {
            templates = []
            for form in forms {
                guard let template = form.template else { throw .unreadable("a template of \(form.chain)") }
                templates.append(template)
            }
        }
        var known = works.map { $0.map { (WorkForm($0.work), Int64($0.quota.places)) } ?? (WorkForm(), 0) }
        try stream.pass(&known, blank: (WorkForm(), 0)) { stream, entry throws(HandoverStream.Failure) in
            try entry.0.pass(through: &stream)
            try stream.pass(&entry.1)
        }
        guard stream.isReading else { return }
        works = known.map { form, places in form.work(rules).map { ($0, WorkQuota(Int(places))) } }
    }
}

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

extension HandoverStream {
    /// 32 bytes in internal order.
    mutating func pass(hash: inout Hash256) throws(Failure) {
        try pass(&hash.number.low)
        try pass(&hash.number.high)
    }
}
