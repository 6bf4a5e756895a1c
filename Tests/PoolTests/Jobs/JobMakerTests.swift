import Bitcoin
import Hashing
import Stratum
import Synchronization
import Testing

@testable import Pool

/// Keeps what was published.
final class RecordingSink: JobSink {
    private let published = Mutex<[(job: Job, clean: Bool)]>([])
    private let withdrawn = Atomic<Int>(0)

    func publish(_ job: Job, clean: Bool) { published.withLock { $0.append((job, clean)) } }
    func withdraw() { withdrawn.add(1, ordering: .relaxed) }
    private let mined = Mutex<Set<UInt32>>([])
    var groups: Set<UInt32> {
        get { mined.withLock { $0 } }
        set { mined.withLock { $0 = newValue } }
    }

    var jobs: [Job] { published.withLock { $0.map(\.job) } }
    var cleans: [Bool] { published.withLock { $0.map(\.clean) } }
    var withdrawals: Int { withdrawn.load(ordering: .relaxed) }
}

/// Templates and a maker for tests.
enum JobFixture {
    static let payout = Script.payToWitness(version: 0, program: [UInt8](repeating: 7, count: 20))

    static func settings(
        renewal: Duration = .seconds(30),
        loyalty: Duration = .seconds(600),
        patience: Duration = .seconds(600)
    ) -> JobMaker.Settings {
        JobMaker.Settings(
            chain: .regtest,
            run: RunNumber(value: 0x0102_0304),
            payout: payout,
            tag: "/test/",
            versionMask: 0x1fff_e000,
            renewal: renewal,
            loyalty: loyalty,
            patience: patience
        )
    }

    /// A template on the tip whose hash begins with `tip`.
    static func template(tip: UInt8, height: UInt32 = 101, value: Int64 = 50_0000_0000) throws -> BlockTemplate {
        try #require(
            BlockTemplate(
                chain: .regtest,
                height: height,
                version: 0x3fff_e000,
                previousHash: Hash256(number: UInt256(high: 0, low: UInt128(tip))),
                bits: CompactBits(rawValue: 0x207f_ffff),
                time: 1_800_000_000,
                minimumTime: 1_799_999_000,
                coinbaseValue: value,
                witnessCommitment: WitnessCommitment(wtxids: [])
            )
        )
    }
}

@Suite("Jobs of templates")
struct JobMakerTests {
    @Test("a new tip is clean, more transactions on it are no reason for a job before the renewal")
    func cleanliness() async throws {
        let sink = RecordingSink()
        let maker = JobMaker(settings: JobFixture.settings(), sink: sink)
        await maker.take(.template(try JobFixture.template(tip: 1)))
        await maker.take(.template(try JobFixture.template(tip: 1, value: 50_0000_1000)))
        await maker.take(.template(try JobFixture.template(tip: 2, height: 102)))
        #expect(sink.cleans == [true, true])
        #expect(sink.jobs.map(\.tip) == [1, 2])
        #expect(sink.jobs.map(\.id.run) == [0x0102_0304, 0x0102_0304])
    }

    @Test("an empty job comes first on a new tip, the full one follows at once and is not clean")
    func emptyFirst() async throws {
        let sink = RecordingSink()
        let maker = JobMaker(settings: JobFixture.settings(), sink: sink)
        await maker.take(.template(try JobFixture.template(tip: 1)))
        await maker.take(.tip(try JobFixture.template(tip: 2, height: 102)))
        await maker.take(.template(try JobFixture.template(tip: 2, height: 102, value: 50_0000_1000)))
        #expect(sink.cleans == [true, true, false])
        #expect(sink.jobs.map(\.tip) == [1, 2, 2])
    }

    @Test("an empty job that comes after the full one is not published")
    func emptyLate() async throws {
        let sink = RecordingSink()
        let maker = JobMaker(settings: JobFixture.settings(), sink: sink)
        await maker.take(.template(try JobFixture.template(tip: 1)))
        await maker.take(.tip(try JobFixture.template(tip: 1)))
        #expect(sink.jobs.count == 1)
    }

    @Test("a template of the old tip that comes late does not bring it back")
    func lateTemplate() async throws {
        let sink = RecordingSink()
        let maker = JobMaker(settings: JobFixture.settings(), sink: sink)
        await maker.take(.template(try JobFixture.template(tip: 1)))
        await maker.take(.tip(try JobFixture.template(tip: 2, height: 102)))
        await maker.take(.template(try JobFixture.template(tip: 1, value: 50_0000_1000)))
        #expect(sink.jobs.map(\.tip) == [1, 2])
        await maker.take(.template(try JobFixture.template(tip: 2, height: 102)))
        #expect(sink.jobs.map(\.tip) == [1, 2, 2])
    }

    @Test("neither a header nor a template of an old tip that was overtaken brings it back")
    func overtaken() async throws {
        let sink = RecordingSink()
        let maker = JobMaker(settings: JobFixture.settings(), sink: sink)
        await maker.take(.template(try JobFixture.template(tip: 1)))
        await maker.take(.template(try JobFixture.template(tip: 3, height: 103)))
        await maker.take(.tip(try JobFixture.template(tip: 2, height: 102)))
        await maker.take(.template(try JobFixture.template(tip: 2, height: 102)))
        #expect(sink.jobs.map(\.previousHash.number.low) == [1, 3])
    }

    @Test("bits that miners may roll are cleared, the coinbase pays the pool, ids never repeat")
    func contents() async throws {
        let sink = RecordingSink()
        let maker = JobMaker(settings: JobFixture.settings(), sink: sink)
        await maker.take(.template(try JobFixture.template(tip: 1)))
        await maker.take(.template(try JobFixture.template(tip: 2)))
        let job = try #require(sink.jobs.first)
        #expect(job.version == 0x2000_0000)
        #expect(Set(sink.jobs.map(\.id)).count == 2)
        let bytes = job.coinbasePrefix + [UInt8](repeating: 0xab, count: JobMaker.extranonceSize) + job.coinbaseSuffix
        let coinbase = try Transaction(parsing: bytes)
        #expect(coinbase.outputs.first?.script == JobFixture.payout)
        #expect(coinbase.outputs.first?.value == 50_0000_0000)
        let scriptSig = coinbase.inputs[0].scriptSig.bytes
        #expect(scriptSig.starts(with: Script.height(101).bytes))
        #expect(Hex.encode(scriptSig).contains("01020304"), "the run number stands in the scriptSig")
    }

    @Test("a payout group gets its own coinbase, now and with every later job")
    func groups() async throws {
        let sink = RecordingSink()
        let maker = JobMaker(settings: JobFixture.settings(), sink: sink)
        let own = Script.payToWitness(version: 0, program: [UInt8](repeating: 9, count: 20))
        await maker.take(.template(try JobFixture.template(tip: 1)))
        await maker.serve(group: 5, payingTo: own)
        await maker.serve(group: 5, payingTo: own)
        await maker.take(.template(try JobFixture.template(tip: 2)))
        #expect(sink.jobs.map(\.group) == [0, 5, 0, 5])
        let coinbase = try Transaction(parsing: sink.jobs[1].coinbasePrefix + [UInt8](repeating: 0, count: 13) + sink.jobs[1].coinbaseSuffix)
        #expect(coinbase.outputs.first?.script == own)
    }

    @Test("what comes while the loops rest is the next process's first job")
    func resting() async throws {
        let sink = RecordingSink()
        let maker = JobMaker(settings: JobFixture.settings(), sink: sink)
        await maker.take(.template(try JobFixture.template(tip: 1)))
        await maker.rest()
        #expect(await maker.state(with: []).publishedAge < .seconds(30))
        await maker.take(.template(try JobFixture.template(tip: 2, height: 102)))
        #expect(sink.jobs.count == 1)
        let state = await maker.state(with: [])
        #expect(state.publishedAge == .seconds(30))
        let next = JobMaker(settings: JobFixture.settings(), sink: sink, former: state)
        let (events, feed) = AsyncStream.makeStream(of: TemplateEvent.self)
        let run = Task { await next.run(events) }
        while sink.jobs.count < 2 { await Task.yield() }
        #expect(sink.jobs.last?.tip == 2)
        feed.finish()
        await run.value
    }

    @Test("a payout group without miners gets no more jobs, until it has one again")
    func idleGroups() async throws {
        let sink = RecordingSink()
        let maker = JobMaker(settings: JobFixture.settings(loyalty: .zero), sink: sink)
        let script = Script.payToWitness(version: 0, program: [UInt8](repeating: 9, count: 20))
        await maker.take(.template(try JobFixture.template(tip: 1)))
        sink.groups = [0, 5]
        for group in UInt32(5)...7 { await maker.serve(group: group, payingTo: script) }
        #expect(sink.jobs.map(\.group) == [0, 5, 6, 7])
        await maker.take(.template(try JobFixture.template(tip: 2, height: 102)))
        #expect(sink.jobs.map(\.group).suffix(2) == [0, 5])
        await maker.serve(group: 6, payingTo: script)
        sink.groups = [0, 6]
        await maker.take(.template(try JobFixture.template(tip: 3, height: 103)))
        #expect(sink.jobs.map(\.group).suffix(3) == [6, 0, 6])
    }

    @Test("a coinbase that would pay too much is not published")
    func audit() async throws {
        let sink = RecordingSink()
        let maker = JobMaker(settings: JobFixture.settings(), sink: sink)
        await maker.take(.template(try JobFixture.template(tip: 1, value: 21_000_001 * 100_000_000)))
        #expect(sink.jobs.isEmpty)
    }
}
