import Accounting
import Bitcoin
import Hashing
import MergeMining
import Stratum

/// Where finished jobs go: the server's loops.
protocol JobSink: Sendable {
    /// Gives a job to every session of its group; `clean` tells miners to drop what they work on.
    func publish(_ job: Job, clean: Bool)
    /// There is no work: nothing that miners hold can win any more.
    func withdraw()
    /// Payout groups that have miners.
    var groups: Set<UInt32> { get }
}

/// Makes jobs of templates: at once on a new tip, and often enough that no miner takes silence for death.
actor JobMaker {
    struct Settings: Sendable {
        var chain: Chain
        var run: RunNumber
        /// What the shared coinbase pays to.
        var payout: Script
        var tag: String
        /// Bits that miners may roll; cleared in every job.
        var versionMask: UInt32
        /// A job on an unchanged tip is made anew after this long. Firmware takes 60 s of silence for a dead pool (NerdMiner; cgminer: 90 s).
        var renewal: Duration = .seconds(30)
        /// A payout group without miners gets no more jobs after this long.
        var loyalty: Duration = .seconds(600)
        /// Without any node, the last job is kept this long: a tip older than that has most likely been built on.
        var patience: Duration = .seconds(600)
    }

    /// extranonce1, extranonce2 and the variant byte of `Job`.
    static let extranonceSize = 4 + 8 + 1

    private var settings: Settings
    private let sink: any JobSink
    /// How long it takes from a template or an auxiliary chain's news to the last job given to the loops.
    nonisolated let making = LatencyHistogram()
    private let clock = ContinuousClock()
    private let log = Log("job")
    private var serial: UInt32 = 0
    private var tipCount: UInt64 = 0
    private var tip: ParentTip?
    private var template: BlockTemplate?
    /// When `template` came, to let a job's time go on with the clock.
    private var templateAt: ContinuousClock.Instant
    private var publishedAt: ContinuousClock.Instant
    private var isEmptyJob = false
    /// What the auxiliary chains want committed to.
    private var works = AuxiliaryWorks.none
    /// The revision of the works in the job published last.
    private var committed: UInt64 = 0
    /// How many solutions each work still takes.
    private var quotas = WorkQuotas()
    /// Chains that the last coinbase could not serve, so that each is logged once.
    private var dropped: Set<String> = []
    /// Since when no node gives work.
    private var lostAt: ContinuousClock.Instant?
    /// Payout groups with a coinbase of their own.
    private var groups: [UInt32: CoinbaseSplit] = [:]
    /// No jobs are made any more, and one should have been.
    private var isResting = false
    private var isOwed = false
    /// Since when a group was seen without miners.
    private var idle: [UInt32: ContinuousClock.Instant] = [:]

    /// - Parameter former: what another process's job maker had, to go on with.
    init(settings: Settings, sink: any JobSink, former: JobsState = JobsState()) {
        self.settings = settings
        self.sink = sink
        serial = former.serial
        tipCount = former.tipCount
        tip = former.tip
        template = former.template
        templateAt = clock.now - former.templateAge
        publishedAt = clock.now - former.publishedAge
        isEmptyJob = former.isEmptyJob
        groups = former.groups
        quotas = WorkQuotas(former.jobs)
    }

    /// Makes no more jobs: the loops are about to rest, and some would not get them. What comes meanwhile is for the process that goes on.
    func rest() { isResting = true }

    /// What another process needs to go on making jobs.
    /// - Parameter jobs: those that shares may still name.
    func state(with jobs: [Job]) -> JobsState {
        JobsState(
            serial: serial,
            tipCount: tipCount,
            tip: tip,
            template: template,
            templateAge: templateAt.duration(to: clock.now),
            // A job that is owed is made at once.
            publishedAge: isOwed ? settings.renewal : publishedAt.duration(to: clock.now),
            isEmptyJob: isEmptyJob,
            groups: groups,
            jobs: jobs
        )
    }

    /// The template that miners work on.
    var current: BlockTemplate? { template }

    /// How old it is; nil without one.
    var templateAge: Duration? { template == nil ? nil : templateAt.duration(to: clock.now) }

    /// The auxiliary works that the last job commits to.
    private(set) var committedWorks: [AuxiliaryWork] = []

    /// Takes the nodes' events until their stream ends.
    func run(_ events: AsyncStream<TemplateEvent>) async {
        let renewals = Task { await renewForever() }
        for await event in events { take(event) }
        renewals.cancel()
    }

    func take(_ event: TemplateEvent) {
        switch event {
        case .tip(let empty):
            // A header only ever announces the next block; one that comes late must not bring an old tip back.
            guard tip.map({ Int64(empty.height) > $0.height }) ?? true else { return }
            adopt(empty)
            isEmptyJob = true
            publish(clean: true)
        case .template(let full):
            lostAt = nil
            guard !isLate(full) else { return }
            let isNewTip = full.previousHash != tip?.previousHash
            adopt(full)
            if isNewTip || isEmptyJob {
                isEmptyJob = false
                publish(clean: isNewTip)
            }
        case .lost:
            if lostAt == nil { lostAt = clock.now }
        }
    }

    /// Takes the auxiliary chains' news. A job follows at once where the news is worth one, but never a clean one: what miners have is still good
    /// for the parent chain.
    func take(_ update: AuxiliaryUpdate) {
        works = update.works
        if update.isUrgent(after: committed) { publish(clean: false) }
    }

    /// The mark in the coinbases of the jobs to come.
    func setTag(_ tag: String) { settings.tag = tag }

    /// Gives every payout group's coinbase its fee anew.
    func reprice(_ fee: @Sendable (Script) -> PartsPerMillion) {
        for (group, split) in groups { serve(group: group, payingTo: split.account, fee: fee(split.account)) }
    }

    /// Gives a payout group its own coinbase from now on.
    /// - Parameter fee: the pool's part of a block.
    func serve(group: UInt32, payingTo script: Script, fee: PartsPerMillion = .none) {
        let split = CoinbaseSplit(account: script, fee: fee)
        guard groups.updateValue(split, forKey: group) != split, let template else { return }
        guard !isResting else { return isOwed = true }
        publish(group: group, paying: split.outputs(of: template.coinbaseValue, pool: settings.payout), clean: false)
    }
}

extension JobMaker {
    /// A template that was asked for before the new tip came: it must not bring the old tip back.
    ///
    /// Answers cross each other for moments only, so only these are waited out; after them a lower height is what the node means.
    private func isLate(_ full: BlockTemplate) -> Bool {
        guard let tip, full.previousHash != tip.previousHash else { return false }
        let age = templateAt.duration(to: clock.now)
        // An empty job's full template is still on its way.
        return isEmptyJob ? Int64(full.height) <= tip.height && age < .seconds(10) : Int64(full.height) < tip.height && age < .seconds(2)
    }

    private func adopt(_ template: BlockTemplate) {
        if template.previousHash != tip?.previousHash {
            tip = ParentTip(previousHash: template.previousHash, height: Int64(template.height))
            tipCount += 1
            log.info("height \(template.height): \(template.transactions.count) transactions, \(template.coinbaseValue) satoshi")
        }
        self.template = template
        templateAt = clock.now
    }

    private func renewForever() async {
        while !Task.isCancelled {
            try? await Task.sleep(for: .milliseconds(500))
            renewIfDue()
        }
    }

    private func renewIfDue() {
        guard template != nil else { return }
        if let lostAt, lostAt.duration(to: clock.now) > settings.patience {
            log.error("no node for \(settings.patience): work is withdrawn")
            template = nil
            tip = nil
            sink.withdraw()
        } else if publishedAt.duration(to: clock.now) >= settings.renewal {
            publish(clean: false)
        }
    }

    /// Accounts are free to invent, and each would cost every job to come.
    private func dropIdleGroups() {
        let (mined, now) = (sink.groups, clock.now)
        idle = idle.filter { !mined.contains($0.key) && groups[$0.key] != nil }
        for group in groups.keys where !mined.contains(group) {
            guard idle[group, default: now].duration(to: now) >= settings.loyalty else {
                idle[group] = idle[group] ?? now
                continue
            }
            groups[group] = nil
            idle[group] = nil
        }
    }

    private func publish(clean: Bool) {
        guard !isResting else { return isOwed = true }
        publishedAt = clock.now
        committed = works.revision
        guard let template else { return }
        dropIdleGroups()
        making.time {
            publish(group: 0, paying: [TransactionOutput(value: template.coinbaseValue, script: settings.payout)], clean: clean)
            for (group, split) in groups {
                publish(group: group, paying: split.outputs(of: template.coinbaseValue, pool: settings.payout), clean: clean)
            }
        }
        // The joined text of the transactions is wanted the moment a share solves the block.
        Task.detached(priority: .background) { [body = template.body] in _ = body.joinedHex() }
    }

    private func publish(group: UInt32, paying payouts: [TransactionOutput], clean: Bool) {
        guard let template, let tip else { return }
        do {
            let parent = parent(of: template, paying: payouts)
            let plan = try CommitmentPlan(parent, works: works)
            note(plan.dropped)
            let violations = CoinbaseAudit(template: template).violations(in: plan.layout)
            guard violations.isEmpty else {
                return log.error("job not published: \(violations.map { "\($0)" }.joined(separator: ", "))")
            }
            committedWorks = plan.works
            let context = JobContext(tip: tip, template: template, parent: parent, plan: plan, quotas: quotas(for: plan.works))
            sink.publish(make(context, group: group), clean: clean)
        } catch {
            log.error("job not published: \(error)")
        }
    }

    private func parent(of template: BlockTemplate, paying payouts: [TransactionOutput]) -> CommitmentPlan.Parent {
        CommitmentPlan.Parent(
            height: template.height,
            runNumber: settings.run.value,
            tag: settings.tag,
            extranonceSize: JobMaker.extranonceSize,
            payouts: payouts,
            witnessCommitment: template.witnessCommitment
        )
    }

    /// A chain that cannot be served costs nobody else anything, but somebody has to be told.
    private func note(_ missing: [CommitmentPlan.Dropped]) {
        for chain in missing where !dropped.contains(chain.chain) {
            log.warning("auxiliary chain \(chain.chain) is left out of the coinbase: \(chain.violation)")
        }
        dropped = Set(missing.map(\.chain))
    }

    private func make(_ context: JobContext, group: UInt32) -> Job {
        // From 0 again some day: the first ones are long retired then.
        serial &+= 1
        let template = context.template
        let elapsed = UInt32(clamping: templateAt.duration(to: clock.now).components.seconds)
        return Job(
            context,
            id: JobID(run: settings.run.value, serial: serial),
            group: group,
            tip: tipCount,
            version: template.version & ~settings.versionMask,
            time: max(template.time &+ elapsed, template.minimumTime)
        )
    }
}
