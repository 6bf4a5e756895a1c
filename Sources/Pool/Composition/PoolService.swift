import Accounting
import Bitcoin
import HTTP
import Hashing
import MergeMining
import Stratum
import Synchronization

/// A running pool: every part, made from a configuration and joined.
///
/// The way in is from the bottom up: the ledger replays what a crash left before the first connection is taken, the journal is worked off as
/// soon as nodes answer, and miners are heard last. The way out is the other way round, so that what was acknowledged is stored.
final class PoolService: Sendable {
    /// Where the pool can be reached, as the ready line says it.
    struct Addresses: Sendable {
        var stratum: ListenAddress?
        var admin: ListenAddress?
        var gateway: ListenAddress?
        var socket: String?

        /// `ready stratum=… admin=… gateway=… socket=…`, with `-` for what is not there.
        var readyLine: String {
            func text(_ value: (some CustomStringConvertible)?) -> String { value?.description ?? "-" }
            return "ready stratum=\(text(stratum)) admin=\(text(admin)) gateway=\(text(gateway)) socket=\(text(socket))"
        }
    }

    /// As the pool runs by it: keys that a reload changed have their new values, keys that wait for a start their old ones.
    let running: Mutex<PoolConfiguration>
    let engine: EngineChoice
    let ledger: Ledger
    let feed: LedgerFeed
    let lanes = LedgerLanes()
    let templates: TemplateSource
    let jobs: JobMaker
    let submitter: Submitter
    /// Nil where no auxiliary chain is configured.
    let auxiliarySet: AuxiliarySet?
    let auxiliarySubmitter: AuxiliarySubmitter?
    /// Nil where no RSK chain is mined.
    let forkWatch: ForkWatch?
    /// Merged mining for other pools' software; nil where none is configured.
    let gateway: GatewayListener?
    let server: StratumServer
    let host: PoolHost
    let nodes: [ParentNode]
    let run: RunNumber
    let startedAt = ContinuousClock.now
    /// What the pool cannot do alone: end the process, or have another go on.
    let errands: PoolErrands
    /// Audits and backups under way.
    let works = LongWork()
    let payoutDesk: PayoutDesk
    let certificates: CertificateWatch
    /// Where the configuration came from; nil where it was made in code.
    let reloading = Mutex<Reloading?>(nil)
    /// What chains with PPS or FPPS pay.
    let pay = Mutex<[PayDesk.State]>([])
    private let book: LedgerBook
    private let follower: BlockFollower
    private let tasks = TaskList()
    private let http: HTTPClient
    private let log = Log("pool")

    /// Opens the ledger and takes the miners' addresses; nobody is heard and nothing is mined before ``start()``.
    ///
    /// - Parameters:
    ///   - fixedDifficulty: one share difficulty for every connection, variable difficulty off.
    ///   - former: what another process's pool had, to go on with.
    init(
        _ configuration: PoolConfiguration,
        engine: EngineChoice,
        fixedDifficulty: Double? = nil,
        former: PoolState? = nil,
        onAccepted: @escaping @Sendable (FoundBlock) -> Void = { _ in },
        errands: PoolErrands
    ) throws {
        running = Mutex(configuration)
        self.engine = engine
        self.errands = errands
        try DurableFile.makeFolder(configuration.data)
        run = if let former { RunNumber(value: former.run) } else { try RunNumber.next(in: configuration.data) }
        let ledger = try Ledger(LedgerSettings(configuration))
        self.ledger = ledger
        let http = HTTPClient()
        self.http = http
        let nodes = try configuration.nodes.map { try ParentNode(NodeEndpoint($0), notices: $0.zmqHashBlock, http: http) }
        self.nodes = nodes
        let book = LedgerBook(ledger: ledger)
        self.book = book
        let journal = try BlockJournal(folder: configuration.data + "/journal")
        submitter = Submitter(nodes: nodes, journal: journal, book: book, workers: ledger.workers, onAccepted: onAccepted)
        let auxiliaries =
            configuration.auxiliaries.isEmpty ? nil : try AuxiliarySet(configuration, http: http)
        let auxiliarySubmitter = auxiliaries.map { set in
            AuxiliarySubmitter(set: set, journal: journal, book: book, workers: ledger.workers, onAccepted: onAccepted)
        }
        auxiliarySet = auxiliaries
        self.auxiliarySubmitter = auxiliarySubmitter
        forkWatch = ForkWatch(configuration, http: http)
        gateway = try configuration.gateway.map {
            try GatewayListener($0, set: auxiliaries, submitter: auxiliarySubmitter, former: former?.listening ?? [])
        }
        payoutDesk = PayoutDesk(
            ledger: ledger,
            lane: lanes.books,
            wallets: configuration.payoutWallets(http: http),
            settings: configuration.payoutSettings
        )
        follower = BlockFollower(nodes: nodes, auxiliaries: auxiliaries, maturities: configuration.maturities, book: book)
        templates = TemplateSource(nodes: nodes, chain: configuration.chain)

        let feed = LedgerFeed { records in try ledger.append(records.map { ShareEntry($0) }) }
        self.feed = feed
        let groups = AsyncStream.makeStream(of: (UInt32, Script).self)
        host = PoolHost(
            chain: configuration.chain,
            own: configuration.coinbase.payout,
            workers: ledger.workers,
            isSolo: configuration.accounting.scheme == .solo,
            submitter: submitter,
            auxiliaries: auxiliarySubmitter,
            formerGroups: former?.payoutGroups ?? PayoutGroups(),
            onGroup: { groups.continuation.yield(($0, $1)) }
        )
        let stratum = try StratumSettings(configuration, fixed: fixedDifficulty)
        certificates = CertificateWatch(stratum.listeners.compactMap(\.tls))
        let server = try StratumServer.prepare(
            stratum,
            judge: engine.makeJudge(),
            host: host,
            wakeLedger: { feed.wake() },
            former: former?.stratum ?? StratumState(),
            jobs: Dictionary(former?.jobs.jobs.map { ($0.id.value, $0) } ?? []) { first, _ in first }
        )
        self.server = server
        jobs = JobMaker(settings: try JobMaker.Settings(configuration, run: run), sink: server, former: former?.jobs ?? JobsState())
        tasks.add { [jobs] in
            for await (group, script) in groups.stream {
                await jobs.serve(group: group, payingTo: script, fee: ledger.soloFee(of: script, chain: configuration.chain))
            }
        }
    }

    var configuration: PoolConfiguration { running.withLock { $0 } }

    /// Sets everything going.
    func start() async throws {
        log.info("engine \(engine)")
        feed.start(rings: server.rings)
        submitter.start()
        try server.open()
        if configuration.hasMiners {
            await templates.start()
            tasks.add { [jobs, templates] in await jobs.run(templates.events) }
            if configuration.chainTerms.contains(where: \.scheme.paysPerShare) { tasks.add { await self.publishPay() } }
        }
        if let auxiliaries = auxiliarySet, let auxiliarySubmitter {
            tasks.add { await auxiliaries.run() }
            tasks.add { await auxiliarySubmitter.run() }
            tasks.add { [jobs] in
                for await update in await auxiliaries.updates() { await jobs.take(update) }
            }
        }
        if let forkWatch { tasks.add { await forkWatch.run() } }
        tasks.add { [submitter] in await submitter.resume() }
        tasks.add { [follower] in await follower.run() }
        tasks.add { [certificates] in await certificates.run() }
        tasks.add { [payoutDesk] in await payoutDesk.run() }
    }

    /// Takes no more shares, stores what was taken, lets go of everything.
    func stop() async {
        await gateway?.stop()
        await server.stop()
        await settle()
    }

    /// As ``stop()``, but gives up all that another process needs to go on; miners notice a pause.
    /// - Returns: nil when a loop could not say what it has, and then every connection has ended.
    func handOver() async -> PoolState? {
        var state = PoolState()
        state.run = run.value
        if let socket = gateway?.handOver() { state.listening.append(socket) }
        await jobs.rest()
        let stratum = await server.handOver()
        if let stratum {
            state.stratum = stratum
            state.jobs = await jobs.state(with: stratum.jobs)
            state.payoutGroups = host.payoutGroups
        }
        await gateway?.stop()
        await settle()
        return stratum == nil ? nil : state
    }

    /// Stores what the loops have left, and lets go of everything behind them.
    private func settle() async {
        // A block found a moment ago is in the journal by then.
        await submitter.rest(within: .seconds(1))
        await auxiliarySubmitter?.rest(within: .seconds(1))
        feed.stop()
        tasks.cancel()
        reloading.withLock { $0 = nil }
        await templates.stop()
        submitter.stop()
        await book.rest()
        do { try ledger.close() } catch { log.error("the ledger was not closed in order: \(error)") }
    }
}
