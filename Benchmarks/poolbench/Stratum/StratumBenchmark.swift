import CLinux
import Glibc

/// Shares end to end over loopback TCP: made-up miners against a pool, which is a `poold dev` of its own unless one is named.
struct StratumBenchmark: Benchmark {
    static let name = "stratum"
    static let summary = "shares end to end over TCP: accepted shares/s, CPU a share, latency"
    static let options =
        LoadOptions.options(mostConnections: 60_000) + [
            .number("seconds", "how long to measure", in: 1...86_400, default: 10),
            BenchmarkOption(
                name: "profiles",
                value: "LIST",
                summary: "cgminer, bitaxe, nerdminer, bfgminer, cpuminer, with commas between (mix: all)"
            ),
            BenchmarkOption(name: "workers", value: "N", summary: "names behind the account, 0 … 1000000 (0: the account as it stands)"),
            BenchmarkOption(name: "cores", value: "N", summary: "CPUs of its own poold and of the echo, 1 … 64 (all)"),
            BenchmarkOption(name: "against", value: "HOST:PORT", summary: "another pool, by its IPv4 address; its own poold dev if not given"),
            BenchmarkOption(name: "pid", value: "N", summary: "with --against: that pool's process, for its CPU time and memory"),
            BenchmarkOption(name: "auxiliaries", value: "N", summary: "instead: two pools in turns, without and with N auxiliary chains, 1 … 5"),
            BenchmarkOption(name: "user", value: "NAME", summary: "who the miners are (a regtest address)"),
        ]

    let load: LoadOptions
    let seconds: Int
    let rounds: Int
    /// Auxiliary chains to compare with; 0 for one pool alone.
    let auxiliaries: Int
    let profiles: [FirmwareProfile]
    let workers: Int
    private let cores: Int
    private let target: LoadTarget?
    private let pid: pid_t?
    let user: String

    static let regtestUser = "bcrt1qw508d6qejxtdg4y5r3zarvary0c5xw7kygt080"

    init(_ arguments: BenchmarkArguments) throws(BenchmarkUsageError) {
        load = try LoadOptions(arguments)
        seconds = try arguments.integer("seconds")
        rounds = try arguments.rounds(default: 5)
        workers = try arguments.integer("workers", in: 0...1_000_000, default: 0)
        cores = try arguments.integer("cores", in: 1...64, default: Int(linux_usable_cpus()))
        guard let profiles = FirmwareProfile.list(arguments.text("profiles") ?? "mix") else {
            throw BenchmarkUsageError("--profiles: mix, or some of \(FirmwareProfile.mix.map(\.rawValue).joined(separator: ", ")) are right")
        }
        self.profiles = profiles
        auxiliaries = try arguments.integer("auxiliaries", in: 0...SampleAuxiliaries.most, default: 0)
        if let text = arguments.text("against") {
            guard auxiliaries == 0 else { throw BenchmarkUsageError("--auxiliaries compares two pools of its own: leave --against away") }
            guard let target = LoadTarget(text) else {
                throw BenchmarkUsageError("--against \(text): HOST:PORT is right, for example 127.0.0.1:3333")
            }
            self.target = target
        } else {
            target = nil
        }
        let pid = try arguments.integer("pid", in: 0...Int(Int32.max), default: 0)
        self.pid = pid > 0 ? pid_t(pid) : nil
        user = arguments.text("user") ?? Self.regtestUser + ".load"
    }

    func run() throws -> Report {
        if auxiliaries > 0 { return try compare() }
        let own = target == nil ? try PoolProcess(cores: cores) : nil
        let host = target?.host ?? own?.host ?? ""
        let name = target == nil ? "poold" : "--against"
        let pool = try LoadSide(name, pid: own?.pid ?? pid, keeping: own, order(host: host, port: target?.port ?? own?.port ?? 0), admin: own?.admin)
        let memory = pool.pid.flatMap(ProcessUse.ownMemory(of:))
        let bare = try BareProcess(loops: cores, cores: cores)
        var bareOrder = order(host: "127.0.0.1", port: bare.port)
        bareOrder.profiles = [.bare]
        let echo = try LoadSide("bare echo", pid: bare.pid, keeping: bare, bareOrder)
        try LoadSide.measure([pool, echo], rounds: rounds, seconds: Double(seconds))

        var report = Report(benchmark: Self.name, machine: .current(), tables: [table([pool, echo])])
        report.notes = ["bare echo: a constant answer to every line, from as many epoll loops, under the same load, in turns with the pool."]
        if own != nil {
            report.notes.append("The pool is a poold dev on \(cores) CPUs with its default durability; the miners share this machine with it.")
        } else {
            report.notes.append("Shares are counted by their replies, accepted and refused; a pool that has a lowest difficulty refuses most.")
            if pid == nil { report.notes.append("Without --pid the pool's CPU time is not known.") }
        }
        if let before = memory, let after = pool.pid.flatMap(ProcessUse.ownMemory(of:)) {
            report.notes.append("The pool's own memory grew by \((after - before) >> 10) KB under load.")
        }
        report.notes += notes(of: pool.sum)
        return report
    }

    func order(host: String, port: UInt16) -> LoadOrder {
        LoadOrder(
            host: host,
            port: port,
            connections: load.connections,
            inFlight: load.inFlight,
            rate: load.rate,
            account: user,
            workers: workers,
            profiles: profiles
        )
    }

    private func table(_ sides: [LoadSide]) -> Table {
        var table = Table(
            key: "stratum",
            title: "Shares over TCP",
            columns: [
                "what": "what", "connections": "connections", "inFlight": "in flight", "sharesPerSecond": "answers/s", "spread": "± %",
                "poolCPU": "server µs/share", "poolSpread": "± %", "p50": "p50 ms", "p99": "p99 ms", "laneFill": "lane fill %",
                "accepted": "accepted", "refused": "refused", "closed": "closed", "clientCPU": "miners µs/share",
            ]
        )
        for side in sides {
            let (sum, rates, cpu) = (side.sum, side.rates, side.costs)
            table.rows.append([
                .text(side.name), .integer(load.connections), .integer(load.inFlight), .integer(Int(rates.samples.median)), .spread(of: rates),
                cpu.samples.isEmpty ? .none : .real(cpu.samples.median, decimals: 2), cpu.samples.isEmpty ? .none : .spread(of: cpu),
                .milliseconds(sum.latency, 0.5), .milliseconds(sum.latency, 0.99), side.laneFill.map { .real(100 * $0, decimals: 1) } ?? .none,
                .integer(sum.accepted), .integer(sum.refusedCount), .integer(sum.closed), .real(sum.microsecondsPerShare, decimals: 2),
            ])
        }
        return table
    }

    func notes(of book: LoadBook) -> [String] {
        book.refused.sorted { $0.value > $1.value }.map { "refused: \($0.key) \($0.value)" }
            + book.troubles.sorted { $0.value > $1.value }.map { "trouble: \($0.key) (\($0.value))" }
    }
}
