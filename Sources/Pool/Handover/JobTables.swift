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

extension HandoverStream {
    /// 32 bytes in internal order.
    mutating func pass(hash: inout Hash256) throws(Failure) {
        try pass(&hash.number.low)
        try pass(&hash.number.high)
    }
}
