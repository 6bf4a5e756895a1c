import Embedded
import Glibc
import HTTP
import Synchronization

/// The miners of a chaos, on a thread of their own.
final class ChaosCrowd: Sendable {
    /// What the crowd is told.
    struct Orders: Sendable {
        /// Shares a second of all together.
        var rate = 0.0
        /// How many miners a second leave or break off.
        var churn = 0.0
        /// Connections that say nothing, beside the miners.
        var silent = 0
        /// All leave at once, as when a farm's power goes, and come back within seconds.
        var blackouts = 0
        var isOver = false
    }

    struct State: Sendable {
        var orders = Orders()
        var book = ChaosBook()
        var working = 0
        var owed = 0
        var hasEnded = false
    }

    private let state = Mutex(State())
    private let port: UInt16
    private let account: String
    private let miners: Int
    private let seed: UInt64

    /// Workers, of which each has several connections.
    private static let workers = 16

    init(port: UInt16, account: String, miners: Int, seed: UInt64) throws(LoadFailure) {
        self.port = port
        self.account = account
        self.miners = miners
        self.seed = seed
        guard BackgroundThread.start(named: "crowd", { [self] in run() }) else { throw LoadFailure(description: "no thread left") }
    }

    var book: ChaosBook { state.withLock { $0.book } }
    var working: Int { state.withLock { $0.working } }
    /// Shares that were sent and are not answered.
    var owed: Int { state.withLock { $0.owed } }

    func order(_ change: (inout Orders) -> Void) { state.withLock { change(&$0.orders) } }

    /// Returns when every connection is closed.
    func end() {
        order { $0.isOver = true }
        while !state.withLock({ $0.hasEnded }) { MonotonicClock.sleep(seconds: 0.02) }
    }

    // MARK: The thread

    private func run() {
        var random = SplitMix64(seed: seed)
        var crowd = (0..<miners).map { ChaosMiner(port: port, account: account, worker: "rig\($0 % Self.workers)") }
        var silent: [Int32] = []
        var book = ChaosBook()
        var serial: UInt64 = 0
        var blackouts = 0
        var (due, churn) = (0.0, 0.0)
        var last = MonotonicClock.now
        var orders = Orders()
        while !orders.isOver {
            var polled = crowd.map { pollfd(fd: $0.fd, events: Int16(POLLIN), revents: 0) }
            _ = poll(&polled, nfds_t(polled.count), 5)
            let now = MonotonicClock.now
            let elapsed = Double(now - last) / 1e9
            last = now
            for index in crowd.indices where polled[index].revents != 0 && crowd[index].isConnected { crowd[index].read(at: now, &book) }
            if orders.blackouts != blackouts {
                blackouts = orders.blackouts
                for index in crowd.indices { crowd[index].leave(at: now, hard: true, returnAfter: random.next() % 2_000_000_000) }
            }
            churn = min(churn + elapsed * orders.churn, 16)
            while churn >= 1 {
                churn -= 1
                crowd[Int(random.next() % UInt64(crowd.count))]
                    .leave(at: now, hard: random.next() & 1 == 0, returnAfter: random.next() % 1_000_000_000)
            }
            var tries = 0
            for index in crowd.indices {
                if crowd[index].isStuck(at: now) { crowd[index].leave(at: now, hard: true, returnAfter: 0) }
                // A few at a time: a pool that is not there must not keep the others from their answers.
                guard !crowd[index].isConnected, now >= crowd[index].returnAt, tries < 16 else { continue }
                tries += 1
                crowd[index].connect(at: now, resuming: random.next() % 4 != 0, &book)
            }
            due = min(due + elapsed * orders.rate, 256)
            while due >= 1 {
                due -= 1
                serial += 1
                let index = Int(random.next() % UInt64(crowd.count))
                if crowd[index].isWorking { crowd[index].sendShare(serial: serial, &book) }
            }
            while silent.count > orders.silent { close(silent.removeLast()) }
            if silent.count < orders.silent, let fd = try? LoadSocket.connect(host: "127.0.0.1", port: port, from: nil, waits: false) {
                silent.append(fd)
            }
            orders = state.withLock { state in
                state.book = book
                state.working = crowd.count(where: \.isWorking)
                state.owed = crowd.reduce(0) { $0 + $1.owes }
                return state.orders
            }
        }
        for fd in silent { close(fd) }
        for index in crowd.indices { crowd[index].leave(at: 0, hard: false, returnAfter: 0) }
        state.withLock { $0.hasEnded = true }
    }
}
