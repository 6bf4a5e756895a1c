import Bitcoin
import Glibc
import HTTP
import Hashing
import JSON
import Synchronization

/// A Stratum server of one job at a time, which checks each share with its own arithmetic.
final class ScriptedPool: Sendable {
    struct Job: Sendable {
        var id: String
        var previousHash = Hash256(number: UInt256(7 as UInt32))
        var prefix: [UInt8] = [1, 2, 3, 4, 5]
        var suffix: [UInt8] = [6, 7, 8]
        var branch: [Hash256] = [Hash256(number: UInt256(9 as UInt32)), Hash256(number: UInt256(11 as UInt32))]
        var version: UInt32 = 0x2000_0000
        var bits: UInt32 = 0x1d00_ffff
        var time: UInt32 = 1_800_000_000
    }

    struct Share: Sendable, Hashable {
        var jobID: String
        var extranonce2: String
        var time: String
        var nonce: String
        /// As the checks found it: nil for a good one.
        var fault: String?
    }

    private struct State {
        var connection: Int32 = -1
        var connections = 0
        var jobs: [String: Job] = [:]
        var current: Job
        var shares: [Share] = []
        var lines: [JSONValue] = []
        var isClosed = false
    }

    let port: UInt16
    let target: Target
    private let listener: Int32
    private let difficulty: Double
    private let extranonce1: [UInt8] = [0xca, 0xfe, 0xba, 0xbe]
    private let extranonce2Size: Int
    /// What submits are answered with, instead of a judgement; nil answers nothing.
    private let refusal: JSONValue?
    private let answersSubmits: Bool
    private let state: Mutex<State>

    init(difficulty: Double, extranonce2Size: Int = 8, refusal: JSONValue? = nil, answersSubmits: Bool = true) {
        self.difficulty = difficulty
        self.extranonce2Size = extranonce2Size
        self.refusal = refusal
        self.answersSubmits = answersSubmits
        target = Target(difficulty: difficulty)
        let job = Job(id: "1")
        state = Mutex(State(jobs: [job.id: job], current: job))
        let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                _ = bind(listener, $0, size)
                _ = getsockname(listener, $0, &size)
            }
        }
        listen(listener, 8)
        port = UInt16(bigEndian: address.sin_port)
        self.listener = listener
        _ = BackgroundThread.start(named: "scripted-pool") { [self] in run() }
    }

    var shares: [Share] { state.withLock { $0.shares } }
    var goodShares: [Share] { shares.filter { $0.fault == nil } }
    var connections: Int { state.withLock { $0.connections } }
    /// Every line that came, in order.
    var lines: [JSONValue] { state.withLock { $0.lines } }

    func close() {
        state.withLock { $0.isClosed = true }
        shutdown(listener, Int32(SHUT_RDWR))
        drop()
    }

    /// Closes the connection there is.
    func drop() {
        state.withLock { state in
            if state.connection >= 0 { shutdown(state.connection, Int32(SHUT_RDWR)) }
        }
    }

    func notify(_ job: Job, isClean: Bool = true) {
        state.withLock { state in
            state.jobs[job.id] = job
            state.current = job
        }
        send(notification(job, isClean: isClean))
    }

    func send(_ message: JSONValue) {
        let bytes = message.serialized() + [0x0a]
        let connection = state.withLock { $0.connection }
        _ = Glibc.send(connection, bytes, bytes.count, Int32(MSG_NOSIGNAL))
    }

    // MARK: The thread

    private func run() {
        while !state.withLock({ $0.isClosed }) {
            let connection = accept(listener, nil, nil)
            guard connection >= 0 else { continue }
            state.withLock { state in
                state.connection = connection
                state.connections += 1
            }
            serve(connection)
            state.withLock { $0.connection = -1 }
            Glibc.close(connection)
        }
        Glibc.close(listener)
    }

    private func serve(_ connection: Int32) {
        var pending: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = recv(connection, &chunk, chunk.count, 0)
            guard count > 0 else { return }
            pending += chunk[..<count]
            while let end = pending.firstIndex(of: 0x0a) {
                let line = Array(pending[..<end])
                pending.removeSubrange(...end)
                if let message = try? JSONValue(parsing: line) { receive(message) }
            }
        }
    }

    private func receive(_ message: JSONValue) {
        state.withLock { $0.lines.append(message) }
        let id = message["id"] ?? .null
        switch message["method"]?.string {
        case "mining.subscribe":
            let result: JSONValue = [[["mining.notify", "ab"]], .string(Hex.encode(extranonce1)), .integer(Int64(extranonce2Size))]
            send(["id": id, "result": result, "error": .null])
        case "mining.authorize":
            send(["id": id, "result": true, "error": .null])
            send(["id": .null, "method": "mining.set_difficulty", "params": [.real(difficulty)]])
            send(notification(state.withLock { $0.current }, isClean: true))
        case "mining.submit":
            let share = check(message["params"] ?? .null)
            state.withLock { $0.shares.append(share) }
            guard answersSubmits else { return }
            let error = refusal ?? share.fault.map { [20, .string($0), .null] } ?? .null
            send(["id": id, "result": error.isNull ? true : .null, "error": error])
        default: break
        }
    }

    private func notification(_ job: Job, isClean: Bool) -> JSONValue {
        let bytes = job.previousHash.internalBytes
        let words = stride(from: 0, to: 32, by: 4).flatMap { bytes[$0..<$0 + 4].reversed() }
        return [
            "id": .null, "method": "mining.notify",
            "params": [
                .string(job.id), .string(Hex.encode(words)), .string(Hex.encode(job.prefix)), .string(Hex.encode(job.suffix)),
                .array(job.branch.map { .string(Hex.encode($0.internalBytes)) }), .string(big(job.version)), .string(big(job.bits)),
                .string(big(job.time)), .bool(isClean),
            ],
        ]
    }

    private func check(_ parameters: JSONValue) -> Share {
        let text = (0..<5).map { parameters[$0]?.string ?? "" }
        var share = Share(jobID: text[1], extranonce2: text[2], time: text[3], nonce: text[4])
        share.fault = fault(share)
        return share
    }

    private func fault(_ share: Share) -> String? {
        let (job, earlier) = state.withLock { ($0.jobs[share.jobID], $0.shares) }
        guard let job else { return "unknown job" }
        guard let extranonce2 = Hex.decode(share.extranonce2), extranonce2.count == extranonce2Size else { return "extranonce2" }
        guard share.time.utf8.count == 8, share.nonce.utf8.count == 8, let time = UInt32(share.time, radix: 16),
            let nonce = UInt32(share.nonce, radix: 16)
        else { return "malformed" }
        if earlier.contains(share) { return "duplicate" }
        var node = Hash256.sha256d(job.prefix + extranonce1 + extranonce2 + job.suffix)
        for sibling in job.branch { node = .sha256d(node.internalBytes + sibling.internalBytes) }
        var header: [UInt8] = []
        for value in [job.version] { withUnsafeBytes(of: value.littleEndian) { header += $0 } }
        header += job.previousHash.internalBytes + node.internalBytes
        for value in [time, job.bits, nonce] { withUnsafeBytes(of: value.littleEndian) { header += $0 } }
        return target.isMet(by: .sha256d(header)) ? nil : "low difficulty"
    }
}

/// Eight hex digits.
func big(_ value: UInt32) -> String {
    Hex.encode(stride(from: 24, through: 0, by: -8).map { UInt8(truncatingIfNeeded: value >> UInt32($0)) })
}
