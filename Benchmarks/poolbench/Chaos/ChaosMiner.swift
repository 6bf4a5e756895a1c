import CLinux
import Glibc
import Hashing
import JSON

/// A made-up miner that comes and goes, never sends a share twice, and knows which of its shares are blocks.
struct ChaosMiner {
    let worker: String
    private(set) var fd: Int32 = -1
    private let user: String
    private let port: UInt16
    private var tail: [UInt8] = []
    private var job: ChaosJob?
    private var extranonce1 = ""
    /// The session's id, to come back with.
    private var token = ""
    private var hasAsked = false
    /// Unanswered shares by id; with the solution, if it is one.
    private var underWay: [Int: (hash: Hash256, previous: Hash256)?] = [:]
    private var nextID = 100
    private var heardAt: UInt64 = 0
    /// Monotonic nanoseconds.
    var returnAt: UInt64 = 0

    private static let inFlight = 32
    /// Unanswered for so long, it tries anew.
    private static let patience: UInt64 = 30_000_000_000

    init(port: UInt16, account: String, worker: String) {
        self.port = port
        self.worker = worker
        user = "\(account).\(worker)"
    }

    var isConnected: Bool { fd >= 0 }
    var isWorking: Bool { fd >= 0 && job != nil }
    var owes: Int { fd >= 0 ? underWay.count : 0 }

    func isStuck(at now: UInt64) -> Bool { !underWay.isEmpty && now > heardAt + Self.patience }

    // MARK: Coming and going

    mutating func connect(at now: UInt64, resuming: Bool, _ book: inout ChaosBook) {
        book.tries += 1
        guard let socket = try? LoadSocket.connect(host: "127.0.0.1", port: port, from: nil) else {
            returnAt = now + 500_000_000
            return
        }
        fd = socket
        tail = []
        job = nil
        underWay = [:]
        heardAt = now
        book.connections += 1
        hasAsked = resuming && !token.isEmpty
        let session = hasAsked ? ",\"\(token)\"" : ""
        send(
            "{\"id\":1,\"method\":\"mining.subscribe\",\"params\":[\"chaos\"\(session)]}\n"
                + "{\"id\":2,\"method\":\"mining.authorize\",\"params\":[\"\(user)\",\"x\"]}\n"
        )
    }

    /// - Parameter hard: with a reset, as when the power goes.
    mutating func leave(at now: UInt64, hard: Bool, returnAfter pause: UInt64) {
        guard fd >= 0 else { return }
        if hard {
            var option = linger(l_onoff: 1, l_linger: 0)
            setsockopt(fd, SOL_SOCKET, SO_LINGER, &option, socklen_t(MemoryLayout<linger>.size))
        }
        close(fd)
        fd = -1
        underWay = [:]
        returnAt = now + pause
    }

    // MARK: Shares

    /// - Parameter serial: never the same twice, whoever sends it.
    mutating func sendShare(serial: UInt64, _ book: inout ChaosBook) {
        guard let job, underWay.count < Self.inFlight else { return }
        let extranonce2 = Hex.encode(withUnsafeBytes(of: serial.bigEndian) { Array($0) })
        let nonce = UInt32(truncatingIfNeeded: serial &* 0x9e37_79b9)
        let extranonce = (Hex.decode(extranonce1) ?? []) + (Hex.decode(extranonce2) ?? [])
        let hash = job.solution(extranonce: extranonce, nonce: nonce)
        underWay[nextID] = .some(hash.map { (hash: $0, previous: job.previousHash) })
        if let hash { book.candidates[hash] = job.previousHash }
        // Before it is on its way: what half a write leaves may be counted.
        book.workers[worker, default: ChaosBook.Worker()].sent += 1
        let fields =
            "\"\(user)\",\"\(job.id)\",\"\(extranonce2)\",\"\(job.time)\",\"\(Hex.encode(withUnsafeBytes(of: nonce.bigEndian) { Array($0) }))\""
        let id = nextID
        nextID += 1
        send("{\"id\":\(id),\"method\":\"mining.submit\",\"params\":[\(fields)]}\n")
    }

    private mutating func send(_ text: String) {
        let bytes = Array(text.utf8)
        // Short lines: a socket that does not take one whole belongs to a pool that does not read.
        let count = bytes.withUnsafeBytes { Glibc.send(fd, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
        if count < bytes.count { shutdown(fd, Int32(SHUT_RDWR)) }
    }

    // MARK: Answers

    mutating func read(at now: UInt64, _ book: inout ChaosBook) {
        var buffer = [UInt8](repeating: 0, count: 64 << 10)
        while fd >= 0 {
            let count = recv(fd, &buffer, buffer.count, 0)
            if count < 0, errno == EAGAIN { return }
            guard count > 0 else {
                book.lost += 1
                return leave(at: now, hard: false, returnAfter: 200_000_000)
            }
            heardAt = now
            tail += buffer[..<count]
            var start = 0
            while let end = tail[start...].firstIndex(of: 0x0a) {
                take(Array(tail[start..<end]), &book)
                start = end + 1
            }
            tail.removeFirst(start)
        }
    }

    private mutating func take(_ line: [UInt8], _ book: inout ChaosBook) {
        guard let message = try? JSONValue(parsing: line) else { return }
        if message["method"]?.string == "mining.notify" {
            job = message["params"].flatMap(ChaosJob.init)
        } else if let id = message["id"]?.integer, id >= 100 {
            guard let share = underWay.removeValue(forKey: Int(id)) else { return }
            if message["result"] == true {
                book.workers[worker, default: ChaosBook.Worker()].acknowledged += 1
                if let share { book.solutions[share.hash] = ChaosBook.Solution(previousHash: share.previous, worker: worker) }
            } else {
                book.refused[message["error"]?[1]?.string ?? "no reason", default: 0] += 1
            }
        } else if message["id"] == 1, let result = message["result"], let first = result[1]?.string {
            if hasAsked {
                book.returns += 1
                if first == extranonce1 { book.resumed += 1 }
            }
            extranonce1 = first
            token = result[0]?[0]?[1]?.string ?? ""
        }
    }
}
