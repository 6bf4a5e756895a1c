import Bitcoin
import CLinux
import Foundation
import Glibc
import JSON
import Synchronization

/// Made-up miners that keep a book of what they sent and what was acknowledged, by worker. The judge of a pool that is killed.
///
/// Each keeps a number of shares under way until its connection ends. Every share is a new one: extranonce2 counts the connections of a worker,
/// the nonce its shares.
final class LoadClient: Sendable {
    struct Book: Sendable {
        var sent: [String: Int] = [:]
        var acknowledged: [String: Int] = [:]
        /// By the pool's own words.
        var refused: [String: Int] = [:]
        /// Connections that were made and got a job.
        var ready = 0
    }

    private let account: String
    private let workers: [String]
    private let inFlight: Int
    private let book = Mutex(Book())
    private let acknowledgements = Atomic<Int>(0)
    private let stopping = Atomic<Bool>(false)

    /// - Parameter account: a regtest address; one of the test's own if not given.
    init(account: String? = nil, workers: [String], inFlight: Int) {
        self.account = account ?? Self.account(7)
        self.workers = workers
        self.inFlight = inFlight
    }

    /// A regtest address that is nobody's.
    static func account(_ number: UInt8) -> String {
        Address(script: .payToWitness(version: 0, program: [UInt8](repeating: number, count: 20)), chain: .regtest)?.description ?? ""
    }

    /// As of the last time that a run ended, or a moment ago.
    var current: Book { book.withLock { $0 } }

    /// Shares acknowledged so far.
    var acknowledged: Int { acknowledgements.load(ordering: .relaxed) }

    /// Sends shares on a thread of its own until every connection has ended, or ``stop()``.
    func start(port: UInt16) -> Running {
        stopping.store(false, ordering: .relaxed)
        let ended = DispatchSemaphore(value: 0)
        Thread.detachNewThread { [self] in
            run(port: port)
            ended.signal()
        }
        return Running(client: self, ended: ended)
    }

    struct Running {
        fileprivate let client: LoadClient
        fileprivate let ended: DispatchSemaphore

        var isRunning: Bool {
            guard ended.wait(timeout: .now()) == .success else { return true }
            ended.signal()
            return false
        }

        /// Returns when every connection has ended and the book is complete.
        func wait() { ended.wait() }

        /// Sends nothing more, takes the answers that are under way and ends the connections.
        func stop() {
            client.stopping.store(true, ordering: .relaxed)
            ended.wait()
        }
    }

    private func run(port: UInt16) {
        var miners: [Miner] = []
        for worker in workers {
            if let miner = Miner(port: port, account: account, worker: worker, inFlight: inFlight) { miners.append(miner) }
        }
        var polled = miners.map { pollfd(fd: $0.fd, events: Int16(POLLIN), revents: 0) }
        let patience = ContinuousClock.now + .seconds(30)
        while miners.contains(where: \.isOpen) {
            // Who is refused, or meets a pool without work, does not wait for ever.
            if ContinuousClock.now > patience, miners.contains(where: { !$0.isReady }) { break }
            let isStopping = stopping.load(ordering: .relaxed)
            if isStopping, miners.allSatisfy({ !$0.isOpen || $0.underWay == 0 }) { break }
            guard poll(&polled, nfds_t(polled.count), 100) >= 0 else { continue }
            for index in miners.indices where polled[index].revents != 0 {
                miners[index].read()
                if !miners[index].isOpen { polled[index].fd = -1 }
            }
            for index in miners.indices where miners[index].isOpen && !isStopping { miners[index].refill() }
            enter(&miners)
        }
        enter(&miners)
        book.withLock { $0.ready += miners.count(where: \.isReady) }
        for miner in miners { close(miner.fd) }
    }

    private func enter(_ miners: inout [Miner]) {
        book.withLock { book in
            for index in miners.indices {
                let worker = miners[index].worker
                let news = miners[index].takeNews()
                book.sent[worker, default: 0] += news.sent
                book.acknowledged[worker, default: 0] += news.acknowledged
                for (reason, count) in news.refused { book.refused[reason, default: 0] += count }
                acknowledgements.add(news.acknowledged, ordering: .relaxed)
            }
        }
    }
}

/// One connection of a ``LoadClient``.
private struct Miner {
    struct News {
        var sent = 0
        var acknowledged = 0
        var refused: [String: Int] = [:]
    }

    let fd: Int32
    let worker: String
    private(set) var isOpen = true
    private(set) var underWay = 0
    private let user: String
    private let inFlight: Int
    private var tail: [UInt8] = []
    private var news = News()
    private var extranonce2 = ""
    private var job: (id: String, time: String)?
    private var next = 100

    init?(port: UInt16, account: String, worker: String, inFlight: Int) {
        let fd = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        let code = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { connect(fd, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) }
        }
        self.fd = fd
        self.worker = worker
        self.inFlight = inFlight
        user = "\(account).\(worker)"
        guard code == 0 else {
            close(fd)
            return nil
        }
        _ = linux_set_option(fd, Int32(IPPROTO_TCP), TCP_NODELAY, 1)
        send(#"{"id":1,"method":"mining.subscribe","params":["load"]}"# + "\n")
        send(#"{"id":2,"method":"mining.authorize","params":["\#(user)","x"]}"# + "\n")
    }

    var isReady: Bool { job != nil }

    mutating func takeNews() -> News {
        defer { news = News() }
        return news
    }

    mutating func refill() {
        guard let job, underWay < inFlight else { return }
        var lines = ""
        while underWay < inFlight {
            let digits = String(next, radix: 16)
            let nonce = String(repeating: "0", count: 8 - digits.count) + digits
            lines +=
                #"{"id":\#(next),"method":"mining.submit","params":["\#(user)","\#(job.id)","\#(extranonce2)","\#(job.time)","\#(nonce)"]}"# + "\n"
            next += 1
            underWay += 1
            // Before it is on its way: what half a write leaves may be counted.
            news.sent += 1
        }
        send(lines)
    }

    mutating func read() {
        var buffer = [UInt8](repeating: 0, count: 64 << 10)
        let count = recv(fd, &buffer, buffer.count, 0)
        guard count > 0 else {
            if count == 0 || errno != EINTR { isOpen = false }
            return
        }
        tail += buffer[..<count]
        var start = 0
        while let end = tail[start...].firstIndex(of: 0x0a) {
            take(tail[start..<end])
            start = end + 1
        }
        tail.removeFirst(start)
    }

    private mutating func take(_ line: ArraySlice<UInt8>) {
        guard let message = try? JSONValue(parsing: Array(line)) else { return }
        if let method = message["method"]?.string {
            guard method == "mining.notify", let id = message["params"]?[0]?.string, let time = message["params"]?[7]?.string else { return }
            job = (id, time)
        } else if let id = message["id"]?.integer, id >= 100 {
            underWay -= 1
            if message["result"] == true {
                news.acknowledged += 1
            } else {
                news.refused[message["error"]?[1]?.string ?? "no reason", default: 0] += 1
            }
        } else if message["id"] == 1, let size = message["result"]?[2]?.integer {
            extranonce2 = String(repeating: "0", count: 2 * Int(size))
        }
    }

    private mutating func send(_ text: String) {
        let bytes = Array(text.utf8)
        var done = 0
        while done < bytes.count {
            let count = bytes.withUnsafeBytes { Glibc.send(fd, $0.baseAddress! + done, bytes.count - done, Int32(MSG_NOSIGNAL)) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else {
                isOpen = false
                return
            }
            done += count
        }
    }
}
