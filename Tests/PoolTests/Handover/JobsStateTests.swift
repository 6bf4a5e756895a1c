import Bitcoin
import Hashing
import MergeMining
import Stratum
import Testing

@testable import Pool

/// A maker's jobs after they have travelled.
@Suite("Jobs that change processes")
struct JobsStateTests {
    private static let rules: AuxPowRules = {
        var rules = AuxPowFlavour.namecoin.rules
        rules.chain = .namecoin
        return rules
    }()

    /// An RSK and a Namecoin block to be mined.
    private func works() throws -> AuxiliaryWorks {
        let rsk = try #require(RSKMiningHash(bytes: (0..<32).map { UInt8($0) }))
        let name = try #require(
            AuxPowWork(
                rules: Self.rules,
                name: String(repeating: "5e", count: 32),
                bits: CompactBits(rawValue: 0x207f_ffff),
                height: 77,
                previous: String(repeating: "11", count: 32),
                value: 25,
                requiredOutput: nil,
                namesInternally: false
            )
        )
        let target = Target(value: UInt256(high: 1 << 90, low: 5))
        let contents: [(String, AuxiliaryWork.Content)] = [
            ("rootstock", .rsk(RSKWork(hash: rsk, target: target, parent: Array(repeating: 3, count: 32), fees: "12"))),
            ("namecoin", .auxPow(name)),
        ]
        let works = contents.map { AuxiliaryWork(chain: $0.0, node: $0.0, since: 1_800_000_000, content: $0.1) }
        return AuxiliaryWorks(shape: try AuxiliaryTree.Shape(chains: [.namecoin]), works: works, revision: 1)
    }

    /// Whether two jobs have one tip, and whether one work.
    private static func share(_ first: JobContext, _ second: JobContext) -> [Bool] {
        [first.tip === second.tip, first.quotas.first === second.quotas.first]
    }

    private func travel(_ state: JobsState, rules: (String) -> AuxPowRules?) throws -> JobsState {
        var (before, after) = (state, JobsState())
        var written = HandoverStream()
        try before.pass(through: &written, rules: rules)
        var reading = HandoverStream(reading: written.bytes, sockets: written.sockets)
        try after.pass(through: &reading, rules: rules)
        return after
    }

    /// A job as a maker makes it.
    private func job(_ serial: UInt32, on tip: ParentTip, _ template: BlockTemplate, works: AuxiliaryWorks, _ quotas: [WorkQuota]) throws -> Job {
        let parent = CommitmentPlan.Parent(
            height: template.height,
            runNumber: 0x0102_0304,
            tag: "/test/",
            extranonceSize: JobMaker.extranonceSize,
            payouts: [TransactionOutput(value: 49, script: Script([0x51])), TransactionOutput(value: 1, script: JobFixture.payout)],
            witnessCommitment: template.witnessCommitment
        )
        let plan = try CommitmentPlan(parent, works: works)
        try #require(plan.works.count == works.works.count)
        let context = JobContext(tip: tip, template: template, parent: parent, plan: plan, quotas: quotas)
        return Job(
            context,
            id: JobID(run: 0x0102_0304, serial: serial),
            group: serial % 2,
            tip: UInt64(serial),
            version: 0x2000_0000,
            time: 1_800_000_007
        )
    }

    /// Found by fuzzing.
    @Test("an extranonce that no share can have is no job's")
    func longExtranonce() throws {
        let template = try JobFixture.template(tip: 1)
        let tip = ParentTip(previousHash: template.previousHash, height: Int64(template.height))
        var state = JobsState(jobs: [try job(1, on: tip, template, works: .none, [])])
        var written = HandoverStream()
        try state.pass(through: &written) { _ in nil }
        var bytes = written.bytes
        // It travels behind the tag.
        let tag = try #require(bytes.indices.first { bytes[$0...].starts(with: Array("/test/".utf8)) })
        #expect(bytes[tag + 6] == UInt8(JobMaker.extranonceSize))
        for (size, isTaken) in [(UInt8(JobMaker.extranonceSize), true), (33, false), (255, false)] {
            bytes[tag + 6] = size
            var reading = HandoverStream(reading: bytes, sockets: [])
            var after = JobsState()
            #expect(((try? after.pass(through: &reading) { _ in nil }) != nil) == isTaken)
        }
    }

    @Test("every byte of every job, and what belongs together still does")
    func whole() throws {
        let (first, second) = (try JobFixture.template(tip: 1), try JobFixture.template(tip: 2, height: 102))
        let tips = [first, second].map { ParentTip(previousHash: $0.previousHash, height: Int64($0.height)) }
        let (works, quotas) = (try works(), [WorkQuota(3), WorkQuota(9)])
        let jobs = [
            try job(1, on: tips[0], first, works: .none, []), try job(2, on: tips[0], first, works: works, quotas),
            try job(3, on: tips[1], second, works: works, quotas), try job(4, on: tips[1], second, works: works, [WorkQuota(1), WorkQuota(1)]),
        ]
        _ = quotas[1].take()
        tips[0].accepted()
        let state = JobsState(serial: 4, tipCount: 2, tip: tips[1], template: second, templateAge: .milliseconds(1_500), jobs: jobs)

        let after = try travel(state) { $0 == "namecoin" ? Self.rules : nil }
        #expect(after.jobs.map(\.id) == jobs.map(\.id))
        for (before, after) in zip(jobs, after.jobs) {
            #expect(after.group == before.group && after.tip == before.tip)
            #expect(after.version == before.version && after.time == before.time)
            #expect(after.coinbasePrefix == before.coinbasePrefix && after.coinbaseSuffix == before.coinbaseSuffix)
            #expect(after.branch == before.branch)
            #expect(after.previousHash == before.previousHash && after.bits == before.bits)
            #expect(after.networkTarget == before.networkTarget && after.auxiliaryTargets == before.auxiliaryTargets)
            #expect(after.minimumTime == before.minimumTime && after.plan.extranonceSize == before.plan.extranonceSize)
            #expect(after.poolContext?.plan.works == before.poolContext?.plan.works)
            #expect(after.poolContext?.quotas.map(\.places) == before.poolContext?.quotas.map(\.places))
            #expect(after.poolContext?.tip.isDecided == before.poolContext?.tip.isDecided)
        }
        #expect(after.serial == 4 && after.tipCount == 2 && after.templateAge == .milliseconds(1_500))
        #expect(after.tip === after.jobs[3].poolContext?.tip && after.template?.height == 102)
        // Jobs on one tip race each other for it; jobs of one work share its quota.
        let contexts = after.jobs.compactMap(\.poolContext)
        let former = jobs.compactMap(\.poolContext)
        for first in contexts.indices {
            for second in contexts.indices {
                let (after, before) = (Self.share(contexts[first], contexts[second]), Self.share(former[first], former[second]))
                #expect(after == before)
            }
        }
    }

    @Test("numbers go on where they were, and the tip is not new")
    func makerGoesOn() async throws {
        let sink = RecordingSink()
        let maker = JobMaker(settings: JobFixture.settings(), sink: sink)
        await maker.take(.template(try JobFixture.template(tip: 1)))
        let after = RecordingSink()
        let next = JobMaker(settings: JobFixture.settings(), sink: after, former: try travel(await maker.state(with: sink.jobs)) { _ in nil })
        await next.take(.template(try JobFixture.template(tip: 1)))
        #expect(after.jobs.isEmpty, "what miners have is still good")
        await next.take(.template(try JobFixture.template(tip: 2, height: 102)))
        #expect(after.jobs.map(\.tip) == [2])
        #expect(after.jobs[0].id.serial == sink.jobs[0].id.serial + 1)
        #expect(after.cleans == [true])
    }

    @Test("a job that commits to a chain that is no longer configured stays behind")
    func chainGone() throws {
        let template = try JobFixture.template(tip: 1)
        let tip = ParentTip(previousHash: template.previousHash, height: 101)
        let jobs = [
            try job(1, on: tip, template, works: try works(), [WorkQuota(1), WorkQuota(1)]), try job(2, on: tip, template, works: .none, []),
        ]
        #expect(try travel(JobsState(jobs: jobs)) { _ in nil }.jobs.map(\.id.serial) == [2])
    }
}
