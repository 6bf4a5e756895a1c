import CLinux
import Embedded
import Glibc
import JSON

/// One enemy: connects, does its one thing, and comes back when it is thrown out.
struct Attacker {
    let kind: AttackKind
    private(set) var entry = AttackBook.Entry()
    private let order: AttackOrder
    private let source: UInt32
    private var random: SplitMix64

    private var fd: Int32 = -1
    /// What it has to say first, as far as it is not said.
    private var opening: [UInt8] = []
    /// Said over and over, from here.
    private var flood: [UInt8] = []
    private var floodPosition = 0
    /// The beginning of a line whose end has not come yet.
    private var tail: [UInt8] = []
    private var guess = ""
    /// Bytes that it may send by now.
    private var allowance = 0.0
    private var lastAct: UInt64 = 0
    private var nextByteAt: UInt64 = 0
    private var connectAt: UInt64 = 0

    /// It comes back after so many nanoseconds.
    private static let pause: UInt64 = 20_000_000
    private static let byteTime: UInt64 = 50_000_000
    /// The most that is sent at once.
    private static let burst = 64 << 10

    init(_ number: Int, _ order: AttackOrder) {
        kind = order.kind(number)
        self.order = order
        source = order.source(number)
        random = SplitMix64(seed: UInt64(source) << 32 | UInt64(number))
        entry.attackers = 1
    }

    /// What to poll; -1 for one that is not connected or never reads.
    var descriptor: Int32 { kind == .slowReader ? -1 : fd }

    // MARK: Sending

    mutating func act(at now: UInt64) {
        defer { lastAct = now }
        guard fd >= 0 else {
            if now >= connectAt { connect(at: now) }
            return
        }
        let elapsed = Double(now - lastAct) / 1e9
        allowance = min(allowance + elapsed * Double(order.bandwidth), Double(Self.burst))
        switch kind {
        case .halfOpen: break
        case .churn: leave(at: now)
        case .slowWriter:
            guard now >= nextByteAt, let byte = opening.first else { return }
            nextByteAt = now + Self.byteTime
            if send([byte][...], at: now) == 1 { opening.removeFirst() }
        default: talk(at: now)
        }
    }

    private mutating func connect(at now: UInt64) {
        entry.connections += 1
        guard let socket = try? LoadSocket.connect(host: order.host, port: order.port, from: source, waits: false) else {
            entry.refused += 1
            connectAt = now + Self.pause
            return
        }
        fd = socket
        tail = []
        flood = []
        floodPosition = 0
        opening = makeOpening()
        switch kind {
        case .garbage: flood = (0..<4_096).map { _ in random.next() % 40 == 0 ? 0x0a : UInt8(truncatingIfNeeded: random.next()) }
        case .giantLine: flood = [UInt8](repeating: UInt8(ascii: "x"), count: 4_096)
        case .disguise: flood = random.bytes(4_096)
        case .slowReader: flood = Array("{\"id\":9,\"method\":\"mining.get_transactions\",\"params\":[]}\n".utf8)
        case .wishes: flood = AttackLines.wishes(&random)
        case .chatter: flood = AttackLines.chatter
        case .invalidShares: flood = AttackLines.invalidShares(user: order.user, &random)
        case .slowWriter, .halfOpen, .resumeGuess, .duplicates, .churn, .inventedNames: break
        }
    }

    private mutating func makeOpening() -> [UInt8] {
        if kind.authorizes { return AttackLines.login(user: order.user) }
        switch kind {
        case .slowWriter: return AttackLines.login(user: order.user)
        case .resumeGuess:
            // A loop's number is easy to guess; what follows is not.
            guess = AttackLines.hex([UInt8(truncatingIfNeeded: random.next() & 1)] + random.bytes(15))
            return Array("{\"id\":1,\"method\":\"mining.subscribe\",\"params\":[\"x\",\"\(guess)\"]}\n".utf8)
        case .disguise: return AttackLines.disguise(&random)
        case .inventedNames: return AttackLines.inventedNames(user: order.user, &random)
        default: return []
        }
    }

    /// Says the opening, then floods, as far as the bandwidth and the socket allow.
    private mutating func talk(at now: UInt64) {
        while fd >= 0, allowance >= 1 {
            let room = Int(allowance)
            if !opening.isEmpty {
                let count = send(opening.prefix(room), at: now)
                opening.removeFirst(max(0, count))
                guard count > 0 else { return }
                if opening.isEmpty, kind == .inventedNames { return disconnect(at: now) }
            } else {
                guard !flood.isEmpty else { return }
                let count = send(flood[floodPosition...].prefix(room), at: now)
                guard count > 0 else { return }
                floodPosition = (floodPosition + count) % flood.count
            }
        }
    }

    private mutating func leave(at now: UInt64) {
        switch random.next() % 3 {
        case 0:
            var hard = linger(l_onoff: 1, l_linger: 0)
            setsockopt(fd, SOL_SOCKET, SO_LINGER, &hard, socklen_t(MemoryLayout<linger>.size))
        case 1: _ = send(Array("{\"id\":1,\"method\":\"mining.sub".utf8)[...], at: now)
        default: _ = send(AttackLines.login(user: order.user)[...], at: now)
        }
        if fd >= 0 { disconnect(at: now) }
    }

    /// - Returns: bytes sent; 0 when the socket takes none now, -1 when the connection has ended.
    private mutating func send(_ bytes: ArraySlice<UInt8>, at now: UInt64) -> Int {
        let count = bytes.withUnsafeBytes { Glibc.send(fd, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
        guard count < 0 else {
            entry.bytes += count
            allowance -= Double(count)
            return count
        }
        if errno == EAGAIN { return 0 }
        entry.ended += 1
        disconnect(at: now)
        return -1
    }

    private mutating func disconnect(at now: UInt64) {
        close(fd)
        fd = -1
        connectAt = now + Self.pause
    }

    // MARK: Receiving

    mutating func read() {
        var buffer = [UInt8](repeating: 0, count: 64 << 10)
        while fd >= 0 {
            let count = recv(fd, &buffer, buffer.count, 0)
            if count < 0, errno == EAGAIN { return }
            guard count > 0 else {
                entry.ended += 1
                return disconnect(at: MonotonicClock.now)
            }
            if kind == .resumeGuess || (kind == .duplicates && flood.isEmpty) { take(buffer[..<count]) }
        }
    }

    private mutating func take(_ bytes: ArraySlice<UInt8>) {
        tail += bytes
        while fd >= 0, let end = tail.firstIndex(of: 0x0a) {
            let line = Array(tail[..<end])
            tail.removeSubrange(...end)
            if kind == .duplicates, let job = line.withUnsafeBufferPointer(LineText.job(in:)) {
                flood = AttackLines.share(user: order.user, job: job.id, time: job.time)
            } else if kind == .resumeGuess, let session = (try? JSONValue(parsing: line))?["result"]?[0]?[0]?[1]?.string {
                if session == guess { entry.stolen += 1 }
                disconnect(at: MonotonicClock.now)
            }
        }
    }
}
