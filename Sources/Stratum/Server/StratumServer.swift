import CLinux
internal import Glibc
public import Hashing
import Synchronization

/// The Stratum V1 server: listens, drives one event loop a CPU, and takes jobs and an operator's words from any thread.
///
/// ```swift
/// let server = try StratumServer.start(settings, host: pool) { ledgerSignal.wake() }
/// // one writer drains `server.rings`, and settles what it read once it is on disk
/// server.publish(job, clean: true)
/// await server.stop()
/// ```
public final class StratumServer: Sendable {
    /// What each listener is bound to, in the order of the settings.
    public let addresses: [SocketAddress]
    /// One for each loop. The ledger's writer reads all of them; a reply leaves when its record is settled.
    public let rings: [VerdictRing]
    /// The engine that judges shares.
    public let engine: HashEngine

    let mailboxes: [Mailbox]
    private let counterBoards: [LoopCounters]
    private let census: GroupCensus
    let guardian: AddressGuard
    private let threads: Mutex<[LoopThread]>
    /// Where miners are being moved away.
    private let order = Mutex<Drain?>(nil)

    private init(
        addresses: [SocketAddress],
        rings: [VerdictRing],
        engine: HashEngine,
        mailboxes: [Mailbox],
        counterBoards: [LoopCounters],
        census: GroupCensus,
        guardian: AddressGuard,
        threads: [LoopThread]
    ) {
        self.addresses = addresses
        self.rings = rings
        self.engine = engine
        self.mailboxes = mailboxes
        self.counterBoards = counterBoards
        self.census = census
        self.guardian = guardian
        self.threads = Mutex(threads)
    }

    /// Listens and serves.
    public static func start(
        _ settings: StratumSettings,
        judge: ShareJudge,
        host: any StratumHost,
        wakeLedger: @escaping @Sendable () -> Void
    ) throws(StratumServerError) -> StratumServer {
        let server = try prepare(settings, judge: judge, host: host, wakeLedger: wakeLedger)
        try server.open()
        return server
    }

    /// Takes its listening sockets and builds the loops. Nobody is heard or told anything before ``open()``.
    ///
    /// - Parameters:
    ///   - judge: what hashes shares; one value serves all loops.
    ///   - wakeLedger: called on a loop's thread when its ring has something new; it must be quick.
    ///   - former: what another process's server had, to go on with.
    ///   - jobs: those of `former` that could be made again, by id.
    public static func prepare(
        _ settings: StratumSettings,
        judge: ShareJudge,
        host: any StratumHost,
        wakeLedger: @escaping @Sendable () -> Void,
        former: StratumState = StratumState(),
        jobs: [UInt64: Job] = [:]
    ) throws(StratumServerError) -> StratumServer {
        let fileLimit = Int(clamping: linux_raise_file_limit())
        let wished = settings.loops ?? Int(linux_usable_cpus())
        // Every extranonce1 belongs to its loop, so there must be as many.
        let count = former.loops.isEmpty ? min(max(1, wished), ExtranonceSpace.loopLimit) : former.loops.count
        let mailboxes = try (0..<count).map { _ throws(StratumServerError) in try Mailbox() }
        let rings = mailboxes.map { mailbox in
            let wake = mailbox.wake
            return VerdictRing(
                capacity: max(settings.pendingShares, 2 * ServerLoop.batchSize).nextPowerOfTwo,
                wakeLoop: { wake.signal() },
                wakeWriter: wakeLedger
            )
        }
        let sockets = try ListeningSockets(settings.listeners.map(\.address), loops: count, former: former.loops.map(\.listening))
        let census = GroupCensus()
        let guardian = AddressGuard(settings.guardSettings)
        let budget = settings.connectionLimit.map(ConnectionBudget.init(limit:)) ?? ConnectionBudget(fileLimit: max(fileLimit, 1_024))
        let boards = mailboxes.map { _ in LoopCounters() }
        var threads: [LoopThread] = []
        do throws(StratumServerError) {
            var addresses = former.addresses
            if !former.loops.isEmpty { try handed { () throws(HandoverStream.Failure) in try guardian.pass(through: &addresses) } }
            for number in 0..<count {
                let poll = try PollSet.make()
                let parts = ServerLoop.Parts(
                    number: number,
                    settings: settings,
                    host: host,
                    judge: judge,
                    ring: rings[number],
                    mailboxes: mailboxes,
                    counters: boards[number],
                    census: census,
                    listening: sockets.ofLoop[number],
                    poll: poll,
                    connectionLimit: min(max(fileLimit, 1_024), 1 << 18),
                    guardian: guardian,
                    budget: budget
                )
                threads.append(try thread(parts, former.loops.isEmpty ? nil : former.loops[number], jobs, sockets.successors))
            }
        } catch {
            sockets.close()
            throw error
        }
        let server = StratumServer(
            addresses: sockets.addresses,
            rings: rings,
            engine: judge.engine,
            mailboxes: mailboxes,
            counterBoards: boards,
            census: census,
            guardian: guardian,
            threads: threads
        )
        if let drain = former.drain { server.drain(drain) }
        return server
    }

    private static func thread(
        _ parts: ServerLoop.Parts,
        _ former: LoopState?,
        _ jobs: [UInt64: Job],
        _ successors: [Int?]
    ) throws(StratumServerError) -> LoopThread {
        var loop = ServerLoop(parts)
        if let former {
            do throws(HandoverStream.Failure) { try loop.takeOver(former, jobs: jobs, listeners: successors) } catch { throw .handover(error) }
        }
        return LoopThread(running: loop)
    }

    private static func handed(_ body: () throws(HandoverStream.Failure) -> Void) throws(StratumServerError) {
        do throws(HandoverStream.Failure) { try body() } catch { throw .handover(error) }
    }

    /// Begins to serve.
    public func open() throws(StratumServerError) {
        for thread in threads.withLock({ $0 }) { try thread.start() }
    }

    /// Stops listening and reading at once, answers what the ledger settles within `patience`, and closes every connection.
    public func stop(patience: Duration = .seconds(5)) async {
        quiesce(patience: patience)
        await ended()
    }

    /// Returns when every loop is through.
    func ended() async {
        let threads = threads.withLock { threads in
            let running = threads
            threads = []
            return running
        }
        for thread in threads { await thread.ended() }
    }

    /// Tells every loop to stop, without waiting for it.
    func quiesce(patience: Duration) {
        for mailbox in mailboxes { mailbox.post(.stop(within: patience.milliseconds)) }
    }
}

// MARK: - Work

extension StratumServer {
    /// Gives a job to every connection of its payout group, and to those that come. With `clean`, or when its tip is not that of the group's job
    /// before, miners are told to drop what they work on.
    public func publish(_ job: Job, clean: Bool = false) {
        precondition(job.variantRoom >= 0, "a job's extranonce field has at least 12 bytes")
        for mailbox in mailboxes { mailbox.post(.publish(job, clean: clean)) }
    }

    /// Nothing that miners of a group (nil: of any) hold can win any more, and there is nothing better: shares are stale until the next job.
    public func withdraw(group: UInt32? = nil) {
        for mailbox in mailboxes { mailbox.post(.withdraw(group: group)) }
    }

    /// The payout groups that have miners.
    public var groups: Set<UInt32> { census.groups }
}

// MARK: - Administration

extension StratumServer {
    /// Closes a connection, named by its report.
    public func kick(connection: UInt64) {
        for mailbox in mailboxes { mailbox.post(.kick(connection: connection)) }
    }

    /// Fixes the difficulty of a worker's connections at once; nil lets it vary again. Later connections get what the host's
    /// ``Authorization/pinnedDifficulty`` says.
    public func setDifficulty(_ difficulty: Double?, worker: UInt32) {
        for mailbox in mailboxes { mailbox.post(.setDifficulty(worker: worker, difficulty)) }
    }

    /// Gives each listener's connections, those that are open too, other difficulties from now on.
    /// - Parameter difficulties: one for each listener, in the order of the settings.
    public func setDifficulties(_ difficulties: [DifficultySettings]) {
        for mailbox in mailboxes { mailbox.post(.retune(difficulties)) }
    }

    /// How many connections one address may hold from now on; nil for any number. Nobody is closed for it.
    public func limitConnections(perAddress limit: Int?) { guardian.limitConnections(perAddress: limit) }

    /// Shows a text on the miners of a worker, or on all.
    public func showMessage(_ text: String, worker: UInt32? = nil) {
        for mailbox in mailboxes { mailbox.post(.showMessage(worker: worker, text)) }
    }

    /// Asks the miners of a worker, or all, to connect elsewhere.
    public func reconnect(worker: UInt32? = nil, host: String, port: UInt16, after delay: Duration = .zero) {
        for mailbox in mailboxes {
            mailbox.post(.reconnect(worker: worker, host: host, port: port, after: Int(delay.components.seconds)))
        }
    }

    /// Moves miners away: closes whoever comes from now on, and asks who is here, spread over a time, to connect again. Nil ends that.
    public func drain(over time: Duration?) {
        drain(time.map { Drain(since: LoopClock().now, over: $0.milliseconds) })
    }

    private func drain(_ order: Drain?) {
        self.order.withLock { $0 = order }
        for mailbox in mailboxes { mailbox.post(.drain(order)) }
    }

    var drain: Drain? { order.withLock { $0 } }

    /// Whether miners are being moved away.
    public var isDraining: Bool { drain != nil }

    /// Every open connection.
    public func connections() async -> [ConnectionReport] {
        guard threads.withLock({ !$0.isEmpty }) else { return [] }
        var reports: [ConnectionReport] = []
        for mailbox in mailboxes {
            reports += await withCheckedContinuation { continuation in
                mailbox.post(.report { continuation.resume(returning: $0) })
            }
        }
        return reports
    }

    /// Figures since the start; reading them stops no loop.
    public var counters: StratumCounters {
        var sum = StratumCounters()
        for board in counterBoards { board.add(to: &sum) }
        return sum
    }
}
