import Bitcoin
import CLinux
import Glibc
import Hashing
import Stratum

/// A loop and its miners on one thread, with everything that the steps of the share path work on.
struct PathRig: ~Copyable {
    /// Seven connections of sixteen shares: fewer in all than the loop judges before it has read everything.
    static let connections = 7
    static let sharesEach = 16
    static let shares = connections * sharesEach

    private(set) var path: SharePath
    private var miners: [LoadMiner] = []
    private var buffer = [UInt8](repeating: 0, count: 64 << 10)
    private var lines: [UInt8] = []
    private var records: [ShareRecord] = []

    private let job: Job
    private let judge: ShareJudge
    private let inputs: [ShareInput]
    private var hashes: [Hash256]
    private var duplicates: DuplicateProbe
    private let spareRing = VerdictRing(capacity: 1 << 12, wakeLoop: {}, wakeWriter: {})
    /// Sockets of nobody, as many as the loop has.
    private let pairs: [(server: Int32, client: Int32)]

    static func make(_ engine: HashEngine?) throws -> PathRig {
        let judge = try engine.map { ShareJudge(engine: $0) } ?? HashEngine.chosen().makeJudge()
        let pairs = try (0..<connections).map { _ in try connectedPair() }
        var rig = PathRig(path: try SharePath(host: OpenHost(), judge: judge), judge: judge, pairs: pairs)
        try rig.welcome()
        return rig
    }

    private init(path: consuming SharePath, judge: ShareJudge, pairs: [(server: Int32, client: Int32)]) {
        let sample = SampleJob(branch: 12, shares: Self.shares)
        self.path = path
        self.judge = judge
        self.pairs = pairs
        duplicates = DuplicateProbe()
        inputs = sample.shares
        hashes = [Hash256](repeating: .zero, count: Self.shares)
        job = Self.job(of: sample)
        self.path.publish(job)
    }

    private mutating func welcome() throws(LoadFailure) {
        for _ in 0..<Self.connections {
            let fd = try LoadSocket.connect(host: "127.0.0.1", port: path.port, from: nil)
            miners.append(LoadMiner(fd: fd, worker: "account.worker", profile: .bitaxe, inFlight: Self.sharesEach))
            miners[miners.count - 1].begin()
        }
        for _ in 0..<10_000 where !miners.allSatisfy({ $0.isReady }) {
            path.turn()
            receive()
        }
        guard miners.allSatisfy({ $0.isReady }) else { throw LoadFailure(description: "the loop did not welcome its miners") }
    }

    private static func job(of sample: SampleJob) -> Job {
        let now = UInt32(truncatingIfNeeded: time(nil))
        let bits = CompactBits(rawValue: 0x1702_3f8e)
        return Job(
            id: JobID(run: 1, serial: 1),
            tip: 1,
            previousHash: sample.plan.previousHash,
            version: 0x2000_0000,
            bits: bits,
            time: now,
            minimumTime: now - 600,
            coinbasePrefix: sample.plan.coinbasePrefix,
            extranonceSize: 13,
            coinbaseSuffix: sample.plan.coinbaseSuffix,
            branch: sample.plan.branch,
            networkTarget: Target(bits: bits) ?? .difficultyOne,
            context: ()
        )
    }

    deinit {
        for miner in miners { close(miner.fd) }
        for pair in pairs {
            close(pair.server)
            close(pair.client)
        }
    }

    /// Every miner sends its shares; they lie in the loop's sockets when this returns.
    mutating func send() {
        for index in miners.indices {
            lines.removeAll(keepingCapacity: true)
            for _ in 0..<Self.sharesEach { miners[index].writeShare(at: 0, to: &lines) }
            miners[index].send(lines)
        }
    }

    /// The miners take their answers; how many were good.
    @discardableResult
    mutating func receive() -> Int {
        var accepted = 0
        for index in miners.indices {
            let count = recv(miners[index].fd, &buffer, buffer.count, 0)
            guard count > 0 else { continue }
            buffer.withUnsafeBufferPointer { bytes in
                miners[index].take(UnsafeBufferPointer(rebasing: bytes[..<count])) { if case .accepted = $0 { accepted += 1 } }
            }
        }
        return accepted
    }

    // MARK: The loop's own steps

    mutating func wait() { path.wait() }
    mutating func read() { path.read() }
    mutating func judgeShares() { path.judge() }
    mutating func reply() { path.reply() }
    mutating func write() { path.write() }

    /// What the ledger's writer does with the ring, without a ledger.
    mutating func store() {
        records.removeAll(keepingCapacity: true)
        let count = path.ring.read(into: &records)
        path.ring.settle(count, as: .stored)
    }

    // MARK: Parts of steps, by themselves

    /// One connection's shares go into every socket of nobody, from which ``receiveOnly()`` takes them.
    func sendOnly() { for pair in pairs { _ = Glibc.send(pair.client, lines, lines.count, Int32(MSG_NOSIGNAL)) } }
    mutating func receiveOnly() { for pair in pairs { _ = recv(pair.server, &buffer, buffer.count, 0) } }

    func frame() { for _ in 0..<Self.connections { keep(SharePathParts.frame(lines.span)) } }
    func parse() { for _ in 0..<Self.connections { keep(SharePathParts.parse(lines.span)) } }

    mutating func hash() {
        let (judge, inputs, plan) = (judge, inputs, job.plan)
        var places = hashes.mutableSpan
        judge.judge(inputs.span, of: plan, into: &places)
    }

    /// New hashes each time, as many as a turn's.
    mutating func changeHashes() {
        for index in hashes.indices {
            hashes[index] = Hash256(number: UInt256(high: hashes[index].number.high, low: hashes[index].number.low &+ 0x9e37_79b9_7f4a_7c15))
        }
    }

    mutating func noteHashes() {
        let hashes = hashes
        keep(duplicates.insert(hashes.span))
    }

    mutating func handOver() {
        for _ in 0..<Self.shares { _ = spareRing.push(ShareRecord(worker: 1, reason: 0, job: 1, time: 0, weight: 1, difficulty: 1)) }
        spareRing.flush()
        records.removeAll(keepingCapacity: true)
        spareRing.settle(spareRing.read(into: &records), as: .stored)
        while spareRing.takeOutcome() != nil {}
    }

    private static func connectedPair() throws(LoadFailure) -> (Int32, Int32) {
        let (listener, port) = try LoadSocket.listen()
        defer { close(listener) }
        let client = try LoadSocket.connect(host: "127.0.0.1", port: port, from: nil)
        let server = accept(listener, nil, nil)
        guard server >= 0 else { throw LoadFailure(description: "no socket left") }
        return (server, client)
    }
}

/// Knows everybody.
private final class OpenHost: StratumHost {
    func authorize(username: String, password: String) -> Authorization? {
        Authorization(worker: 1, group: 0, account: "account", workerName: "worker")
    }

    func solved(_ solution: Solution) {}
    func wantsJob(group: UInt32) {}
}
