import Accounting
import Bitcoin
import Embedded
import Glibc
import Hashing
import Stratum
import Synchronization

/// Shows `poold dev` at work: a live screen on a terminal, else the ready line and a line a block.
final class DevScreen: Sendable {
    private let service: PoolService
    private let miner: CPUMiner?
    private let tally: BlockTally
    private let addresses: PoolService.Addresses
    private let tasks = TaskList()
    private let history = Mutex<[Double]>([])
    private let isLive = isatty(1) == 1

    init(service: PoolService, miner: CPUMiner?, tally: BlockTally, addresses: PoolService.Addresses) {
        self.service = service
        self.miner = miner
        self.tally = tally
        self.addresses = addresses
    }

    func begin() {
        if isLive {
            Log.level = .error
            // The alternate screen leaves what was there before as it was.
            Console.write("\u{1b}[?1049h\u{1b}[?25l")
            tasks.add { [self] in await draw() }
        } else {
            Console.line(addresses.readyLine)
            tasks.add { [self] in await list() }
        }
    }

    func end() {
        tasks.cancel()
        if isLive {
            Console.write("\u{1b}[?25h\u{1b}[?1049l")
            Console.line(summary)
        } else {
            for block in tally.since(printed.withLock { $0 }) { Console.line(line(block)) }
        }
    }

    private let printed = Mutex(0)

    private func list() async {
        while !Task.isCancelled {
            for block in tally.since(printed.withLock { $0 }) {
                Console.line(line(block))
                printed.withLock { $0 += 1 }
            }
            try? await Task.sleep(for: .milliseconds(100))
        }
    }

    private func line(_ block: FoundBlock) -> String {
        let name = block.worker.flatMap { service.ledger.workers[$0] }
        return "block chain=\(block.chain) height=\(block.height) hash=\(block.hash) worker=\(name?.worker ?? "-") reward=\(block.reward)"
    }

    private var summary: String {
        let figures = service.ledger.poolFigures
        let blocks = tally.chains.map { "\(tally.count($0)) \($0)" }.joined(separator: ", ")
        return "blocks: \(blocks); \(figures.accepted) shares accepted, \(figures.rejected.total) refused"
    }

    private func draw() async {
        while !Task.isCancelled {
            let size = DevScreen.terminalSize()
            let screen = LiveScreen(figures: await figures(), columns: size.columns, hasColor: getenv("NO_COLOR") == nil)
            let rows = screen.lines.prefix(size.rows).map { $0 + "\u{1b}[K" }
            Console.write("\u{1b}[H" + rows.joined(separator: "\r\n") + "\u{1b}[J")
            try? await Task.sleep(for: .seconds(1))
        }
    }

    private func figures() async -> LiveScreen.Figures {
        let shares = service.ledger.poolFigures
        let rate = shares.hashrate[.oneMinute]
        var figures = LiveScreen.Figures()
        figures.version = Motherlode.version
        figures.engine = service.engine.scan.name
        figures.stratum = addresses.stratum?.description ?? "-"
        figures.admin = addresses.admin?.description ?? "-"
        figures.socket = addresses.socket ?? "-"
        figures.uptime = service.startedAt.duration(to: .now) / .seconds(1)
        figures.minerHashrate = miner?.statistics.hashrate
        figures.poolHashrate = rate
        figures.history = history.withLock { history in
            history.append(rate)
            if history.count > 120 { history.removeFirst() }
            return history
        }
        figures.connections = Int(clamping: service.server.counters.connections)
        figures.accepted = shares.accepted
        figures.rejected = shares.rejected.total
        figures.durability = service.configuration.accounting.durability.rawValue
        let now = UnixTime.now().milliseconds
        let parentHeight = await service.jobs.current.map { Int64($0.height) - 1 }
        figures.chains = tally.chains.map { chain in
            let last = tally.last(chain)
            return LiveScreen.Figures.Chain(
                name: chain,
                height: chain == Ledger.parentChain ? parentHeight ?? 0 : last?.height ?? 0,
                blocks: tally.count(chain),
                lastAge: last.map { Double(now - $0.time) / 1000 }
            )
        }
        figures.lastBlocks = tally.since(0).suffix(6).map { block in
            "\(block.chain) \(block.height)  \(block.hash.prefix(24))…  \(Units.duration(Double(now - block.time) / 1000)) ago"
        }
        return figures
    }

    private static func terminalSize() -> (rows: Int, columns: Int) {
        var size = winsize()
        guard ioctl(1, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return (24, 80) }
        return (Int(size.ws_row), Int(size.ws_col))
    }
}
