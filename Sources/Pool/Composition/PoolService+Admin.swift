import Accounting
import Bitcoin
import Hashing
import MergeMining
import Stratum
import Synchronization

extension PoolService: AdminSource {
    func status() async throws(AdminFailure) -> PoolStatus {
        let figures = ledger.poolFigures
        let template = await jobs.current
        var status = PoolStatus()
        status.uptime = Int(startedAt.duration(to: .now).components.seconds)
        status.chain = configuration.chain.rawValue
        status.height = template.map { Int($0.height) - 1 }
        status.connections = Int(clamping: server.counters.connections)
        status.isDraining = server.isDraining
        status.workers = ledger.activeWorkers()
        status.hashrate = figures.hashrate.rows
        status.accepted = Int(clamping: figures.accepted)
        status.rejected = figures.rejected.byLabel
        status.networkDifficulty = template?.target.difficulty
        status.bestShare = figures.best > 0 ? figures.best : nil
        status.ledger.durability = configuration.accounting.durability.rawValue
        status.ledger.pending = feed.pending
        status.ledger.failure = feed.isFailing ? "shares are refused: the ledger cannot be written" : nil
        status.ledger.trouble = ledger.status.trouble
        status.pay = pay.withLock { $0 }.map { state in
            PayView(
                chain: state.chain,
                scheme: state.scheme,
                reward: state.reward,
                fees: state.fees,
                isWaiting: state.isWaiting,
                decimals: decimals(of: state.chain)
            )
        }
        status.engine = "\(engine)"
        status.nodes = await nodeViews()
        status.auxiliaries = try await auxiliaries()
        let weight = template.map { Double($0.target.weight) } ?? 0
        if weight > 0 {
            let rate = [HashrateWindow.oneHour, .fiveMinutes, .oneMinute].map { figures.hashrate[$0] }.first { $0 > 0 }
            status.expectedSeconds = rate.map { weight / $0 }
        }
        // A ledger that cannot be read takes its own figures away and no others: those tell what else is wrong.
        do {
            let luck = try await lanes.glance.ask { [ledger] () throws(LedgerError) in try LuckFigures(ledger) }
            status.blocks = luck.blocks
            status.luck = luck.luck
            status.effort = weight > 0 ? luck.weight / weight : nil
        } catch {
            status.ledger.trouble = status.ledger.trouble ?? error.text
        }
        return status
    }

    func miners() async throws(AdminFailure) -> [MinerRow] {
        await server.connections().map { MinerRow($0) }
    }

    func workers(account: String?) async throws(AdminFailure) -> [WorkerRow] {
        let live = await server.connections()
        let difficulties = Dictionary(live.map { (WorkerName(account: $0.account, worker: $0.worker), $0.difficulty) }) { _, newer in newer }
        let sabotage = sabotageByName
        return ledger.workerFigures().filter { account == nil || $0.account == account }.map { figures in
            let name = WorkerName(account: figures.account, worker: figures.worker)
            var row = WorkerRow(figures, difficulty: difficulties[name] ?? nil)
            row.sabotage = sabotage[name] ?? 0
            return row
        }
    }

    func blocks(account: String?, limit: Int) async throws(AdminFailure) -> [BlockRow] {
        try await lanes.books.ask { [ledger] () throws(LedgerError) in
            try ledger.blocks(chain: Ledger.parentChain, account: account, limit: limit)
        }.map { BlockRow($0) }
    }

    func auxiliaryBlocks(account: String?, limit: Int) async throws(AdminFailure) -> [AuxiliaryBlockRow] {
        let chains = configuration.auxiliaries.map(\.name)
        let records = try await lanes.books.ask { [ledger] () throws(LedgerError) in
            var records: [BlockRecord] = []
            for chain in chains { records += try ledger.blocks(chain: chain, account: account, limit: limit) }
            return records
        }
        return Array(records.map { AuxiliaryBlockRow($0) }.sorted { $0.time > $1.time }.prefix(limit))
    }

    func upgrade(to program: String?) async throws(AdminFailure) -> UpgradeReport { try await errands.upgrade(program) }

    func metrics() async -> [Metric] { await partMetrics() + auxiliaryMetrics() }

    func perform(_ action: AdminAction) async throws(AdminFailure) -> Int {
        switch action {
        case .stop:
            errands.stop()
            return 0
        case .drain(let seconds):
            server.drain(over: seconds.map { .seconds($0) })
            let words = seconds.map { "miners are asked to leave over \($0) s, and nobody is taken" } ?? "connections are taken again"
            Log("stratum").info(words)
            return Int(clamping: server.counters.connections)
        case .kick(let selection):
            let found = try await connections(selection)
            for row in found { server.kick(connection: row.connection) }
            return found.count
        case .message(let selection, let text):
            let found = try await connections(selection)
            for worker in workers(of: found) { server.showMessage(text, worker: worker) }
            return found.count
        case .difficulty(let selection, let difficulty):
            let found = try await connections(selection)
            for worker in workers(of: found) { server.setDifficulty(difficulty, worker: worker) }
            return found.count
        }
    }

    private func connections(_ selection: MinerSelection) async throws(AdminFailure) -> [ConnectionReport] {
        let found = await server.connections().filter { row in
            switch selection {
            case .connection(let number): row.connection == UInt64(number)
            case .account(let account): row.account == account
            case .worker(let account, let worker): row.account == account && row.worker == worker
            }
        }
        guard !found.isEmpty else { throw .notFound("no such miner is connected; `poolctl miners` lists those that are") }
        return found
    }

    private func workers(of rows: [ConnectionReport]) -> Set<UInt32> {
        Set(rows.compactMap { $0.account.isEmpty ? nil : ledger.workers.known(account: $0.account, worker: $0.worker) })
    }

    private func nodeViews() async -> [NodeView] {
        await templates.figures().map { node in
            var view = NodeView()
            view.url = node.name
            view.state = node.state
            view.height = node.height.map { Int($0) }
            view.active = node.active
            view.lastError = node.detail
            return view
        }
    }
}

/// What the ledger knows of the pool's luck on the parent chain.
private struct LuckFigures: Sendable {
    var blocks: Int
    var luck: Double?
    /// Worked since the last block, in expected hashes.
    var weight: Double

    init(_ ledger: Ledger) throws(LedgerError) {
        let counts = try ledger.blockCounts()
        blocks = counts.reduce(0) { $0 + ($1.chain == Ledger.parentChain && $1.state.endsRound ? $1.count : 0) }
        luck = try ledger.luck(chain: Ledger.parentChain)
        weight = Double(try ledger.weightSinceLastBlock(chain: Ledger.parentChain))
    }
}

extension LedgerStatus {
    /// What keeps shares out of the windows, or money where it is.
    fileprivate var trouble: String? {
        if let failure { return "windows wait: \(failure)" }
        return roundFailure.map { "rounds wait: \($0)" }
    }
}

extension Hashrates {
    var rows: [HashrateFigure] { HashrateWindow.allCases.map { HashrateFigure(span: $0.label, hashesPerSecond: self[$0]) } }
}

extension RejectCounts {
    /// Counts by the closed list's labels.
    var byLabel: [String: Int] {
        Dictionary(occurred.map { (RejectReason(rawValue: $0.reason)?.label ?? "other", Int(clamping: $0.count)) }) { $0 + $1 }
    }
}

extension MinerRow {
    init(_ report: ConnectionReport) {
        self.init(
            connection: Int(clamping: report.connection),
            address: report.address,
            agent: report.agent,
            account: report.account,
            worker: report.worker,
            difficulty: report.difficulty ?? 0,
            since: Int(report.since),
            lastShare: report.lastShare.map { Int($0) }
        )
    }
}

extension WorkerRow {
    init(_ figures: WorkerFigures, difficulty: Double?) {
        self.init(
            account: figures.account,
            worker: figures.worker,
            accepted: Int(clamping: figures.shares.accepted),
            acceptedDifficulty: figures.shares.acceptedDifficulty,
            rejected: figures.shares.rejected.byLabel,
            difficulty: difficulty,
            lastShare: figures.shares.lastShare.map { Int($0 / 1000) },
            hashrate: figures.shares.hashrate.rows,
            bestShare: figures.shares.best > 0 ? figures.shares.best : nil
        )
    }
}

extension BlockRecord {
    /// `ACCOUNT.WORKER`, or the account alone.
    fileprivate var finder: String {
        let account = account ?? ""
        guard let worker, !worker.isEmpty else { return account }
        return "\(account).\(worker)"
    }
}

extension AuxiliaryBlockRow {
    init(_ record: BlockRecord) {
        self.init(
            chain: record.chain,
            height: Int(record.height),
            hash: record.hash,
            parentHash: record.parentHash ?? "",
            worker: record.finder,
            reward: String(record.reward),
            answer: record.answer,
            state: record.state.rawValue,
            time: Int(record.time / 1000)
        )
    }
}

extension BlockRow {
    init(_ record: BlockRecord) {
        self.init(
            height: Int(record.height),
            hash: record.hash,
            worker: record.finder,
            time: Int(record.time / 1000),
            state: record.state.rawValue,
            reward: Int(clamping: record.reward),
            effort: record.effort
        )
    }
}
