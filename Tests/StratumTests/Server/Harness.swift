import Dispatch
import Glibc
import Hashing
import JSON
import Synchronization
import Testing

@testable import Stratum

/// A pool of a few lines behind a real server: knows every name but those that begin with "bad", and a ledger that stores, refuses or holds.
final class FakePool: StratumHost {
    enum Ledger: Sendable {
        case stores
        case refuses
        case holds
    }

    private struct State {
        var ledger = Ledger.stores
        var solutions: [Solution] = []
        var wanted: [UInt32] = []
        var records: [ShareRecord] = []
        var held: [Int] = []
        var workers: [String: UInt32] = [:]
        var admissions = 0
        var onRecord: Set<UInt32> = []
        var isClosed = false
    }

    private let state = Mutex(State())
    fileprivate let bell = DispatchSemaphore(value: 0)

    func authorize(username: String, password: String) -> Authorization? {
        guard !username.hasPrefix("bad") else { return nil }
        let parts = username.split(separator: ".", maxSplits: 1).map(String.init)
        let group = username.hasPrefix("solo") ? UInt32(1) : 0
        return state.withLock { state in
            let worker = state.workers[username] ?? UInt32(state.workers.count + 1)
            state.workers[username] = worker
            state.admissions += 1
            return Authorization(worker: worker, group: group, account: parts[0], workerName: parts.count > 1 ? parts[1] : "")
        }
    }

    func readmit(_ former: Authorization) -> UInt32? { admit(former.account, former.workerName) }

    func admit(_ account: String, _ worker: String) -> UInt32? {
        authorize(username: worker.isEmpty ? account : account + "." + worker, password: "")?.worker
    }

    func dismiss(_ authorization: Authorization, isOnRecord: Bool) {
        state.withLock { state in
            state.admissions -= 1
            if isOnRecord { state.onRecord.insert(authorization.worker) }
        }
    }

    func solved(_ solution: Solution) { state.withLock { $0.solutions.append(solution) } }
    func wantsJob(group: UInt32) { state.withLock { $0.wanted.append(group) } }

    /// Admissions that have not ended.
    var admissions: Int { state.withLock { $0.admissions } }
    /// Workers whose connections went after they had submitted shares.
    var onRecord: Set<UInt32> { state.withLock { $0.onRecord } }
    var solutions: [Solution] { state.withLock { $0.solutions } }
    var wanted: [UInt32] { state.withLock { $0.wanted } }
    /// What the ledger has read so far.
    var records: [ShareRecord] { state.withLock { $0.records } }

    /// Changes what the ledger does with what comes, and with what it holds.
    func ledger(_ ledger: Ledger) {
        state.withLock { $0.ledger = ledger }
        bell.signal()
    }

    fileprivate func close() {
        state.withLock { $0.isClosed = true }
        bell.signal()
    }

    /// The ledger's writer, on a thread of its own.
    fileprivate func serve(_ rings: [VerdictRing]) {
        state.withLock { $0.held = rings.map { _ in 0 } }
        var batch: [ShareRecord] = []
        while true {
            bell.wait()
            let (ledger, isClosed) = state.withLock { ($0.ledger, $0.isClosed) }
            guard !isClosed else { return }
            for (index, ring) in rings.enumerated() {
                batch.removeAll()
                let count = ring.read(into: &batch)
                let settled = state.withLock { state -> Int in
                    state.records += batch
                    state.held[index] += count
                    guard ledger != .holds else { return 0 }
                    defer { state.held[index] = 0 }
                    return state.held[index]
                }
                if settled > 0 { ring.settle(settled, as: ledger == .refuses ? .refused : .stored) }
            }
        }
    }
}

/// A running server with its pool; stopped by `stop`, and at the latest when it goes.
final class Harness: Sendable {
    let pool = FakePool()
    let server: StratumServer

    init(
        difficulty: DifficultySettings = DifficultySettings(fixed: 1e-10),
        loops: Int = 1,
        change: (inout StratumSettings) -> Void = { _ in }
    ) throws {
        var settings = StratumSettings(listeners: [StratumListener(address: "127.0.0.1:0", difficulty: difficulty)])
        settings.loops = loops
        change(&settings)
        let pool = pool
        server = try StratumServer.start(settings, judge: ShareJudge(engine: .scalar), host: pool) { pool.bell.signal() }
        serve()
    }

    /// Goes on with what another had, by way of the bytes that travel.
    /// - Parameter jobs: those that could be made again.
    convenience init(after former: Harness, jobs: [Job], change: (inout StratumSettings) -> Void = { _ in }) async throws {
        let state = try #require(await former.server.handOver())
        former.pool.close()
        try self.init(after: state, jobs: jobs, change: change)
    }

    init(after former: StratumState, jobs: [Job], change: (inout StratumSettings) -> Void = { _ in }) throws {
        var state = former
        var stream = HandoverStream()
        try state.pass(through: &stream)
        #expect(state.jobs.map(\.id.value) == state.jobs.map(\.id.value).sorted())
        state = StratumState()
        stream = HandoverStream(reading: stream.bytes, sockets: stream.sockets)
        try state.pass(through: &stream)
        var settings = StratumSettings(
            listeners: [StratumListener(address: "127.0.0.1:0", difficulty: DifficultySettings(fixed: 1e-10))]
        )
        change(&settings)
        let pool = pool
        server = try StratumServer.prepare(
            settings,
            judge: ShareJudge(engine: .scalar),
            host: pool,
            wakeLedger: { pool.bell.signal() },
            former: state,
            jobs: Dictionary(uniqueKeysWithValues: jobs.map { ($0.id.value, $0) })
        )
        try server.open()
        serve()
    }

    private func serve() {
        let (pool, rings) = (pool, server.rings)
        Thread.start { pool.serve(rings) }
    }

    var port: UInt16 { server.addresses[0].port }

    func client() throws -> Client { try Client(port: port) }

    /// Publishes a job, and lets a miner in.
    func mining(_ name: String = "a.w") throws -> (Job, Client) {
        var jobs = JobFactory()
        let job = jobs.job()
        server.publish(job)
        let client = try client()
        try client.handshake(name)
        return (job, client)
    }

    func stop() async {
        await server.stop(patience: .seconds(1))
        pool.close()
    }

    /// Waits until `condition` holds; false when it does not within ten seconds.
    static func eventually(_ condition: () async -> Bool) async -> Bool {
        for _ in 0..<2_000 {
            if await condition() { return true }
            try? await Task.sleep(for: .milliseconds(5))
        }
        return false
    }
}

/// A thread for blocking work, so that the test runner's own threads stay free.
enum Thread {
    static func start(_ body: @escaping @Sendable () -> Void) {
        DispatchQueue(label: "test").async(execute: body)
    }
}

/// A scripted miner on a blocking socket.
final class Client {
    let fd: Int32
    private var buffer: [UInt8] = []
    /// Encryption, after ``encrypt(_:)``.
    private var secure: SecureClient?
    /// Set by ``handshake(_:agent:)``.
    private(set) var extranonce1: UInt32 = 0
    private(set) var token = ""
    /// Lines that were read while one of the other kind was waited for.
    private(set) var notifications: [String] = []
    private var answers: [String] = []

    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    init(port: UInt16, receiveBuffer: Int32? = nil) throws {
        fd = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var timeout = timeval(tv_sec: 10, tv_usec: 0)
        setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &timeout, socklen_t(MemoryLayout<timeval>.size))
        setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &timeout, socklen_t(MemoryLayout<timeval>.size))
        if var size = receiveBuffer { setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &size, 4) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        let result = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { connect(fd, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) }
        }
        guard result == 0 else { throw Failure(description: "connect: \(errno)") }
    }

    deinit { close(fd) }

    var certificateName: String? { secure?.name }

    /// Goes on in TLS.
    func encrypt(_ range: ClosedRange<Int32> = SecureClient.current) throws { secure = try SecureClient(fd: fd, versions: range) }

    func end() { shutdown(fd, Int32(SHUT_RDWR)) }

    /// Sends bytes as they are; false when the server has closed.
    @discardableResult
    func send(raw text: String) -> Bool {
        let bytes = Array(text.utf8)
        var sent = 0
        while sent < bytes.count {
            let count = bytes.withUnsafeBytes { space in
                let rest = UnsafeRawBufferPointer(rebasing: space[sent...])
                return secure?.send(rest) ?? Glibc.send(fd, rest.baseAddress, rest.count, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { return false }
            sent += count
        }
        return true
    }

    func send(_ lines: String...) { send(raw: lines.map { $0 + "\n" }.joined()) }

    /// The next line; nil when the server has closed. Ten seconds of silence are an error.
    func line() throws -> String? {
        while true {
            if let end = buffer.firstIndex(of: 0x0a) {
                let line = String(decoding: buffer[..<end], as: UTF8.self)
                buffer.removeSubrange(...end)
                return line
            }
            var chunk = [UInt8](repeating: 0, count: 65_536)
            let count = chunk.withUnsafeMutableBytes { secure?.receive($0) ?? recv(fd, $0.baseAddress, $0.count, 0) }
            if count == 0 || count < 0 && errno == ECONNRESET { return nil }
            guard count > 0 else { throw Failure(description: "silence (errno \(errno))") }
            buffer += chunk[..<count]
        }
    }

    /// The next line that is no notification.
    func answer() throws -> String? {
        if !answers.isEmpty { return answers.removeFirst() }
        while let line = try line() {
            guard line.contains(#""method":"#) else { return line }
            notifications.append(line)
        }
        return nil
    }

    /// The next notification of a method.
    func notification(_ method: String) throws -> String? {
        if let index = notifications.firstIndex(where: { $0.contains("\"method\":\"\(method)\"") }) { return notifications.remove(at: index) }
        while let line = try line() {
            if line.contains("\"method\":\"\(method)\"") { return line }
            if line.contains(#""method":"#) { notifications.append(line) } else { answers.append(line) }
        }
        return nil
    }

    func isClosed() throws -> Bool {
        while try line() != nil {}
        return true
    }

    /// Subscribes and authorizes.
    func handshake(_ name: String = "a.w", resuming session: String? = nil, password: String = "x") throws {
        let resume = session.map { ",\"\($0)\"" } ?? ""
        send(#"{"id":1,"method":"mining.subscribe","params":["test/1"\#(resume)]}"#)
        let reply = try JSONValue(parsing: try #require(try answer()))
        extranonce1 = try #require(reply["result"]?[1]?.string.flatMap { UInt32($0, radix: 16) })
        token = try #require(reply["result"]?[0]?[1]?[1]?.string)
        send(#"{"id":2,"method":"mining.authorize","params":["\#(name)","\#(password)"]}"#)
        #expect(try answer() == #"{"id":2,"result":true,"error":null}"#)
    }
}

/// A share as a miner would send it, and its hash as the header's own definition gives it.
struct TestShare {
    let job: Job
    var variant: UInt8 = 0
    var extranonce1: UInt32
    var extranonce2: UInt64 = 0
    var time: UInt32
    var nonce: UInt32 = 0
    var versionBits: UInt32?

    init(_ job: Job, extranonce1: UInt32, extranonce2: UInt64 = 0, nonce: UInt32 = 0) {
        self.job = job
        self.extranonce1 = extranonce1
        self.extranonce2 = extranonce2
        self.nonce = nonce
        time = job.time
    }

    private var field: [UInt8] {
        var bytes = (0..<4).map { UInt8(truncatingIfNeeded: extranonce1 >> UInt32(24 - 8 * $0)) }
        bytes += (0..<8).map { UInt8(truncatingIfNeeded: extranonce2 >> UInt64(56 - 8 * $0)) }
        if job.variantRoom > 0 { bytes += [variant] + [UInt8](repeating: 0, count: job.variantRoom - 1) }
        return bytes
    }

    /// By way of the coinbase's and the header's bytes, with the plain SHA-256.
    var hash: Hash256 {
        let coinbase = Hash256.sha256d(job.coinbasePrefix + field + job.coinbaseSuffix)
        let root = MerkleBranch(siblings: job.branch).root(coinbase: coinbase)
        func littleEndian(_ value: UInt32) -> [UInt8] { (0..<4).map { UInt8(truncatingIfNeeded: value >> UInt32(8 * $0)) } }
        let header =
            littleEndian(job.version | (versionBits ?? 0)) + job.previousHash.internalBytes + root.internalBytes + littleEndian(time)
            + littleEndian(job.bits.rawValue) + littleEndian(nonce)
        return Hash256.sha256d(header)
    }

    func line(id: String = "4", worker: String = "a.w") -> String {
        var jobID = HexField.text(job.id.value, digits: 16)
        if variant > 0 { jobID += HexField.text(UInt64(variant), digits: 2) }
        let bits = versionBits.map { ",\"\(HexField.text($0))\"" } ?? ""
        return
            #"{"id":\#(id),"method":"mining.submit","params":["\#(worker)","\#(jobID)","\#(HexField.text(extranonce2, digits: 16))","\#(HexField.text(time))","\#(HexField.text(nonce))"\#(bits)]}"#
    }
}

/// Jobs as a pool would make them.
struct JobFactory {
    var run: UInt32 = 7
    private var serial: UInt32 = 0

    mutating func job(
        tip: UInt64 = 1,
        group: UInt32 = 0,
        network: Target = Target(value: .one),
        hardest: Target? = nil,
        auxiliaries: [Target] = [],
        extranonceSize: Int = 13,
        minimumTime: UInt32? = nil,
        transactions: (@Sendable () -> [UInt8])? = nil
    ) -> Job {
        serial += 1
        let now = UInt32(truncatingIfNeeded: time(nil))
        return Job(
            id: JobID(run: run, serial: serial),
            group: group,
            tip: tip,
            previousHash: Hash256.sha256d([UInt8(truncatingIfNeeded: tip)]),
            version: 0x2000_0000,
            bits: CompactBits(rawValue: 0x207f_ffff),
            time: now,
            minimumTime: minimumTime ?? now - 600,
            coinbasePrefix: Array(0..<60),
            extranonceSize: extranonceSize,
            coinbaseSuffix: Array(100..<200) + withUnsafeBytes(of: serial) { Array($0) },
            branch: (0..<3).map { Hash256.sha256d([$0]) },
            networkTarget: network,
            hardestShareTarget: hardest,
            auxiliaryTargets: auxiliaries,
            transactions: transactions,
            context: ()
        )
    }
}
