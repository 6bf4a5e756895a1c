import Accounting
import Bitcoin
import Hashing

@testable import MergeMining
@testable import Pool
@testable import Stratum

extension FuzzTarget {
    /// What one process leaves to the next, cut short or of a version that forgot to say so. What is read reads the same once written.
    ///
    /// Input: a choice, then what travels: a pool's state, a session, or the sessions that may be resumed.
    static let handover = FuzzTarget(name: "handover") { input in
        var choices = Choices(input)
        switch choices.byte() % 3 {
        case 0:
            Travel.check(choices.bytes, PoolState()) { state, stream throws(HandoverStream.Failure) in
                try state.pass(through: &stream, Travel.configuration)
            }
        case 1:
            Travel.check(choices.bytes, Travel.session) { session, stream throws(HandoverStream.Failure) in
                try session.pass(through: &stream)
            }
        default:
            Travel.check(choices.bytes, Travel.registry) { registry, stream throws(HandoverStream.Failure) in
                try registry.pass(through: &stream, difficulty: DifficultySettings(), at: 1_000)
            }
        }
    } seeds: {
        var session = Travel.session
        session.identity = SessionIdentity(extranonce1: 7, token: ResumeToken(high: 1, low: 2))
        session.add(Session.Worker(key: WorkerKey("a.b"), authorization: Authorization(worker: 0, group: 0, account: "a", workerName: "b")))
        session.issued.issue(IssuedDifficulties.Key(sequence: 3, variant: 0), at: .nominal)
        var registry = Travel.registry
        if let identity = registry.open(for: 0, at: 0) {
            session.identity = identity
            registry.close(session, at: 1)
        }
        return [
            (
                "pool",
                [0]
                    + Travel.written(Travel.pool) { state, stream throws(HandoverStream.Failure) in
                        try state.pass(through: &stream, Travel.configuration)
                    }
            ),
            ("session", [1] + Travel.written(session) { session, stream throws(HandoverStream.Failure) in try session.pass(through: &stream) }),
            (
                "registry",
                [2]
                    + Travel.written(registry) { registry, stream throws(HandoverStream.Failure) in
                        try registry.pass(through: &stream, difficulty: DifficultySettings(), at: 1_000)
                    }
            ),
        ]
    }
}

/// Values that change processes.
private enum Travel {
    typealias Pass<Value> = (inout Value, inout HandoverStream) throws(HandoverStream.Failure) -> Void

    static func written<Value>(_ value: Value, _ pass: Pass<Value>) -> [UInt8] {
        var (value, stream) = (value, HandoverStream())
        do { try pass(&value, &stream) } catch { fatalError("a value that is there cannot be written: \(error)") }
        return stream.bytes
    }

    /// - Parameter blank: what is read into.
    static func check<Value>(_ bytes: [UInt8], _ blank: Value, _ pass: Pass<Value>) {
        var (first, second) = (blank, blank)
        var stream = HandoverStream(reading: bytes, sockets: [])
        guard (try? pass(&first, &stream)) != nil else { return }
        let once = written(first, pass)
        stream = HandoverStream(reading: once, sockets: [])
        require((try? pass(&second, &stream)) != nil, "what was written cannot be read")
        require(written(second, pass) == once, "a state reads otherwise once written")
    }

    static let configuration: PoolConfiguration = {
        let text = """
            { chain: "regtest", data: "/tmp/x", coinbase: { address: "bcrt1qw508d6qejxtdg4y5r3zarvary0c5xw7kygt080" },
              nodes: [{ url: "http://127.0.0.1:1", user: "u", password: "p" }], stratum: [{ listen: "127.0.0.1:0" }],
              auxiliaries: [
                { name: "rootstock", kind: "rsk", url: "http://127.0.0.1:2" },
                { name: "namecoin", kind: "auxpow", flavour: "namecoin", chainId: 1, address: "a", url: "http://127.0.0.1:3" },
              ] }
            """
        do { return try PoolConfiguration(json5: Array(text.utf8), name: "handover") } catch { fatalError("\(error)") }
    }()

    static var session: Session {
        Session(settings: Session.Settings(versionMask: 0x1fff_e000, offenceLimit: 8), difficulty: DifficultySettings(), at: 0)
    }

    /// With numbers that are always the same.
    static var registry: SessionRegistry {
        struct Counting: RandomNumberGenerator {
            var number: UInt64 = 0
            mutating func next() -> UInt64 {
                number += 1
                return number
            }
        }
        return SessionRegistry(instance: 0, loop: 0, window: 10_000, limit: 100, generator: Counting())
    }

    /// Two jobs on one template, one of them with an auxiliary block.
    static let pool: PoolState = {
        var state = PoolState()
        state.run = 9
        _ = state.payoutGroups.admit(Script([0x51]), at: .now)
        guard let template = try? BlockTemplate(json: Sample.template(transactions: 2), chain: .regtest) else { return state }
        let tip = ParentTip(previousHash: template.previousHash, height: Int64(template.height))
        let work = AuxiliaryWork(chain: "rootstock", node: "rskj", since: 1_790_000_000, content: .rsk(Sample.rskWork))
        let offers = [AuxiliaryWorks.none, AuxiliaryWorks(shape: nil, works: [work])]
        for (serial, works) in offers.enumerated() {
            let parent = CommitmentPlan.Parent(
                height: template.height,
                runNumber: 9,
                tag: "/x/",
                extranonceSize: JobMaker.extranonceSize,
                payouts: [TransactionOutput(value: 50, script: Script([0x51]))],
                witnessCommitment: template.witnessCommitment
            )
            guard let plan = try? CommitmentPlan(parent, works: works) else { continue }
            let context = JobContext(tip: tip, template: template, parent: parent, plan: plan, quotas: plan.works.map { _ in WorkQuota(3) })
            let id = JobID(run: 9, serial: UInt32(serial))
            state.jobs.jobs.append(Job(context, id: id, group: 0, tip: 1, version: 0x2000_0000, time: 1_790_000_007))
        }
        state.jobs.serial = 2
        state.jobs.tip = tip
        state.jobs.template = template
        state.jobs.groups = [
            1: CoinbaseSplit(account: Script([0x51]), fee: .init(millionths: 10_000)),
            2: CoinbaseSplit(account: Script([0x52]), fee: .init(millionths: 0)),
        ]
        return state
    }()
}
