import CLinux
import Glibc
import Hashing

/// One event loop: its sockets, its sessions, its jobs, its shares. Nothing of it is shared with other loops; it runs on a thread of its own.
///
/// A tick reads what sockets have, judges all shares of the tick together, hands the verdicts to the ledger's ring, and writes once to each
/// connection that something is owed. Replies to shares leave when the ledger has answered, in the order the shares came.
struct ServerLoop: ~Copyable {
    /// What a loop is given at its start.
    struct Parts: Sendable {
        let number: Int
        let settings: StratumSettings
        let host: any StratumHost
        let judge: ShareJudge
        let ring: VerdictRing
        /// All loops' letter boxes; this loop's stands at its number.
        let mailboxes: [Mailbox]
        let counters: LoopCounters
        let census: GroupCensus
        /// Listening sockets, one for each of the settings' listeners.
        let listening: [Int32]
        /// An empty poll set, which the loop closes.
        let poll: Int32
        let connectionLimit: Int
        let guardian: AddressGuard
        let budget: ConnectionBudget
    }

    /// How it comes to its end: it reads no more, and once every share that was read is answered, or patience is over, one of these follows.
    enum Closing {
        /// Every connection is closed.
        case end(by: Int64)
        /// It waits for ``LoopMessage/handOver(_:)``; nil once it has said so.
        case rest(by: Int64, (@Sendable () -> Void)?)

        var deadline: Int64 {
            switch self {
            case .end(let time), .rest(let time, _): time
            }
        }
    }

    /// Jobs and members of one payout group.
    struct Group {
        /// The current job's slot, -1 for none.
        var current: Int32 = -1
        var members: [Int32] = []
        /// The host was asked for a job.
        var isWanted = false
    }

    /// Read at most from one socket in one go.
    static let readSize = 64 << 10
    /// The shortest line that takes a place among the pending replies, with its line feed, is `{"method":"mining.submit"}`.
    static let submitsPerRead = (readSize + LineCutter.limit) / 27
    static let batchSize = 4 * submitsPerRead
    static let wakeToken = UInt64.max
    static let listenerToken = UInt64(1) << 63
    /// Housekeeping passes each connection once in so many rounds of so many milliseconds.
    static let rounds = 10
    static let roundTime: Int64 = 100

    let parts: Parts
    let host: any StratumHost
    let judge: ShareJudge
    let ring: VerdictRing
    let mailbox: Mailbox
    let limits: LoopLimits
    /// By listener.
    var difficulties: [DifficultySettings]

    let poll: Int32
    let events = FixedArray(repeating: linux_event(token: 0, readable: 0, writable: 0, ended: 0), count: 256)
    let input: UnsafeMutableRawBufferPointer

    let connections: FixedArray<Connection>
    /// Odd while the place holds a connection; one more at each opening and closing.
    let generations: FixedArray<UInt32>
    var freePlaces: [Int32] = []
    var usedPlaces = 0
    var nextConnection: UInt64 = 1
    var isAccepting = true
    /// Set while miners are moved away.
    var drain: Drain?
    var strangers = Strangers()
    /// Where the last search for one that gives way has ended.
    var idlerAt = 0

    var jobs: JobTable
    var groups: [UInt32: Group] = [:]
    var registry: SessionRegistry

    var batch = CandidateBatch(capacity: batchSize)
    var replies: ReplyQueue
    let pool = BlockPool()
    /// Connections to read, to write to, and to send their job again.
    var ready: [Int32] = []
    var reading: [Int32] = []
    var dirty: [Int32] = []
    var resends: [Int32] = []
    /// Connections from other loops whose input is not looked at yet.
    var arrivals: ArraySlice<Migrant> = []

    var clock = LoopClock()
    var nextRound: Int64 = 0
    var round = 0
    /// Sockets are left unread because too many shares wait for the ledger.
    var isBlocked = false
    var unheardUntil = Int64.min
    var closing: Closing?
    var isFinished = false
    /// What it had belongs to another process, its sockets too.
    var isHandedOver = false
    var tally = Tally()

    init(_ parts: Parts) {
        self.parts = parts
        host = parts.host
        judge = parts.judge
        ring = parts.ring
        mailbox = parts.mailboxes[parts.number]
        limits = LoopLimits(parts.settings)
        difficulties = parts.settings.listeners.map(\.difficulty)
        connections = FixedArray(capacity: parts.connectionLimit)
        generations = FixedArray(repeating: 0, count: parts.connectionLimit)
        jobs = JobTable(capacity: parts.settings.jobLimit, pastLimit: parts.settings.pastJobs, retention: limits.jobRetention)
        registry = SessionRegistry(
            instance: parts.settings.instance,
            loop: parts.number,
            window: limits.resumeWindow,
            limit: parts.settings.resumeLimit
        )
        // Replies to shares of nobody take no place in the ring, so there are more places here.
        replies = ReplyQueue(capacity: 2 * max(parts.ring.capacity, 2 * Self.batchSize.nextPowerOfTwo))
        input = .allocate(byteCount: Self.readSize + LineCutter.limit, alignment: 64)
        poll = parts.poll
        _ = linux_watch_level(poll, mailbox.wake.fd, Self.wakeToken)
        watchListeners()
    }

    deinit {
        for index in 0..<usedPlaces where generations[index] & 1 == 1 {
            connections[index].secure?.end()
            close(connections[index].fd)
            _ = connections.move(index)
        }
        close(poll)
        input.deallocate()
    }

    /// Until it is told to stop.
    mutating func run() {
        while !isFinished {
            takeEvents(within: ready.isEmpty || isBlocked || closing != nil ? Int32(Self.roundTime) : 0)
            tick()
        }
        mailbox.close()
        for migrant in arrivals { close(migrant.origin.socket) }
    }

    /// - Parameter timeout: milliseconds.
    mutating func takeEvents(within timeout: Int32) {
        let count = linux_wait(poll, events.mutableAddress(0), 256, timeout)
        clock.read()
        for index in 0..<Int(max(0, count)) { take(events[index]) }
    }

    private mutating func take(_ event: linux_event) {
        if event.token == Self.wakeToken {
            mailbox.wake.clear()
            readMail()
        } else if event.token & Self.listenerToken != 0 {
            accept(from: Int(event.token & 0xff))
        } else {
            let index = Int(event.token & 0xffff_ffff)
            guard generations[index] == UInt32(truncatingIfNeeded: event.token >> 32) else { return }
            if event.ended != 0 { connections[index].hasEnded = true }
            if event.readable != 0 || event.ended != 0 { markReady(index) }
            if event.writable != 0 {
                if !connections[index].isDrained { markDirty(index) }
                // A handshake may have waited for room to write.
                if connections[index].secure != nil { markReady(index) }
            }
        }
    }

    mutating func tick() {
        deliverReplies()
        readSockets()
        judgeBatch()
        sendResends()
        flushConnections()
        keepHouse()
        tally.pending = UInt64(ring.pending)
        tally.blocked = isBlocked ? 1 : 0
        parts.counters.show(tally)
    }

    mutating func markReady(_ index: Int) {
        guard !connections[index].isReady else { return }
        connections[index].isReady = true
        ready.append(Int32(truncatingIfNeeded: index))
    }

    mutating func markDirty(_ index: Int) {
        guard !connections[index].isDirty else { return }
        connections[index].isDirty = true
        dirty.append(Int32(truncatingIfNeeded: index))
    }

    func isOpen(_ index: Int) -> Bool { generations[index] & 1 == 1 }

    func watchListeners() {
        for (number, fd) in parts.listening.enumerated() { _ = linux_watch_level(poll, fd, Self.listenerToken | UInt64(number)) }
    }
}
