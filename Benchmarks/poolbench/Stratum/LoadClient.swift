import CLinux
import Glibc

/// What one part of a load came to, by the client's own book.
struct LoadWindow {
    var seconds = 0.0
    var accepted = 0
    /// By the pool's own words.
    var refused: [String: Int] = [:]
    var troubles: [String: Int] = [:]
    var closed = 0
    var latency = LatencyHistogram()
    /// CPU seconds.
    var clientCPU = 0.0
    var poolCPU: Double?

    var sharesPerSecond: Double { Double(accepted) / seconds }
    var clientMicrosecondsPerShare: Double { 1e6 * clientCPU / Double(max(1, accepted)) }
    var poolMicrosecondsPerShare: Double? { poolCPU.map { 1e6 * $0 / Double(max(1, accepted)) } }
}

/// Why a load could not be put on.
struct LoadFailure: Error, CustomStringConvertible {
    let description: String
}

/// Many made-up miners on one thread: a closed loop, in which each answer lets the next share go.
struct LoadClient {
    let host: String
    let port: UInt16
    let connections: Int
    let inFlight: Int
    let user: String

    private var miners: [LoadConnection] = []
    private let poll = epoll_create1(Int32(EPOLL_CLOEXEC))
    private var events = [linux_event](repeating: linux_event(), count: 256)
    private var readBuffer = [UInt8](repeating: 0, count: 64 << 10)
    private var writeBuffer: [UInt8] = []
    private var window = LoadWindow()

    init(host: String, port: UInt16, connections: Int, inFlight: Int, user: String) {
        self.host = host
        self.port = port
        self.connections = connections
        self.inFlight = inFlight
        self.user = user
        _ = linux_raise_file_limit()
    }

    /// Connects, warms up for a second, and counts in windows of so many seconds.
    ///
    /// - Parameter poolCPU: the pool's CPU seconds so far.
    mutating func run(windows: Int, each seconds: Double, poolCPU: () -> Double?) throws(LoadFailure) -> [LoadWindow] {
        defer {
            for miner in miners { close(miner.fd) }
            close(poll)
        }
        try connectAll()
        run(until: Self.now + 1_000_000_000)
        var result: [LoadWindow] = []
        for _ in 0..<windows {
            window = LoadWindow()
            let (cpu, pool, start) = (Self.cpu, poolCPU(), Self.now)
            run(until: start + UInt64(seconds * 1e9))
            window.seconds = Double(Self.now - start) / 1e9
            window.clientCPU = Self.cpu - cpu
            if let pool, let later = poolCPU() { window.poolCPU = later - pool }
            result.append(window)
        }
        return result
    }

    private mutating func run(until end: UInt64) {
        while Self.now < end { step() }
    }

    /// A hundred connections at a time, so that no backlog overflows.
    private mutating func connectAll() throws(LoadFailure) {
        let deadline = Self.now + 60_000_000_000
        while miners.count < connections {
            for _ in 0..<min(100, connections - miners.count) { try connectOne() }
            while miners.count(where: { $0.isReady }) + window.closed < miners.count {
                guard Self.now < deadline else {
                    throw LoadFailure(
                        description: "\(miners.count { !$0.isReady }) of \(miners.count) connections got no job within a minute\(troubles)"
                    )
                }
                step()
            }
            guard window.closed == 0 else {
                throw LoadFailure(description: "\(window.closed) connections were closed while shaking hands\(troubles)")
            }
        }
    }

    private var troubles: String { window.troubles.isEmpty ? "" : ": " + window.troubles.keys.sorted().joined(separator: ", ") }

    private mutating func connectOne() throws(LoadFailure) {
        let fd = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard fd >= 0 else { throw LoadFailure(description: "no socket left: \(String(cString: strerror(errno)))") }
        // One address of 127.0.0.0/8 has some 28,000 ports.
        var source = sockaddr_in()
        source.sin_family = sa_family_t(AF_INET)
        var target = source
        target.sin_port = port.bigEndian
        guard inet_pton(AF_INET, host, &target.sin_addr) == 1 else { throw LoadFailure(description: "\(host) is no IPv4 address") }
        if host.hasPrefix("127.") {
            source.sin_addr.s_addr = UInt32(0x7f00_0001 + miners.count / 20_000).bigEndian
            _ = Self.lend(&source) { bind(fd, $0, $1) }
        }
        guard Self.lend(&target, { connect(fd, $0, $1) }) == 0 else {
            throw LoadFailure(description: "cannot connect to \(host):\(port): \(String(cString: strerror(errno)))")
        }
        _ = linux_set_option(fd, Int32(IPPROTO_TCP), TCP_NODELAY, 1)
        _ = fcntl(fd, F_SETFL, O_NONBLOCK)
        var miner = LoadConnection(fd: fd, worker: user, inFlight: inFlight)
        miner.shakeHands()
        miners.append(miner)
        _ = linux_watch_edges(poll, fd, UInt64(miners.count - 1))
    }

    private static func lend(_ address: inout sockaddr_in, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32) -> Int32 {
        withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { body($0, socklen_t(MemoryLayout<sockaddr_in>.size)) }
        }
    }

    private mutating func step() {
        let count = Int(max(0, events.withUnsafeMutableBufferPointer { linux_wait(poll, $0.baseAddress, 256, 50) }))
        for index in 0..<count {
            let event = events[index]
            if event.writable != 0, !miners[Int(event.token)].unsent.isEmpty { miners[Int(event.token)].sendUnsent() }
            if event.readable != 0 || event.ended != 0 { read(Int(event.token)) }
        }
    }

    private mutating func read(_ index: Int) {
        while true {
            let count = readBuffer.withUnsafeMutableBytes { recv(miners[index].fd, $0.baseAddress, $0.count, 0) }
            guard count > 0 else {
                if count == 0 || errno != EAGAIN {
                    _ = linux_unwatch(poll, miners[index].fd)
                    window.closed += 1
                }
                break
            }
            let now = Self.now
            readBuffer.withUnsafeBufferPointer { bytes in
                miners[index].take(UnsafeBufferPointer(rebasing: bytes[..<count])) { news in
                    switch news {
                    case .nothing, .ready: break
                    case .accepted(let sentAt):
                        window.accepted += 1
                        window.latency.add(now - sentAt)
                    case .refused(let sentAt, let reason):
                        window.refused[reason, default: 0] += 1
                        window.latency.add(now - sentAt)
                    case .trouble(let text): window.troubles[text, default: 0] += 1
                    }
                }
            }
            if count < readBuffer.count { break }
        }
        if miners[index].isReady { miners[index].refill(into: &writeBuffer, at: Self.now) }
    }

    private static var now: UInt64 {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
    }

    private static var cpu: Double {
        var time = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }
}
