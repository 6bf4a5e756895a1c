import Glibc

/// Shares end to end over loopback TCP: a closed loop of made-up miners against a pool, which is a `poold dev` of its own unless one is named.
struct StratumBenchmark: Benchmark {
    static let name = "stratum"
    static let summary = "shares end to end over TCP: accepted shares/s, CPU a share, latency"
    static let options = [
        BenchmarkOption(name: "connections", value: "N", summary: "connections, 1 … 60000 (100)"),
        BenchmarkOption(name: "in-flight", value: "N", summary: "unanswered shares of each, 1 … 1024 (16)"),
        BenchmarkOption(name: "seconds", value: "N", summary: "how long to measure, 1 … 86400 (10)"),
        BenchmarkOption(name: "against", value: "HOST:PORT", summary: "another pool, by its IPv4 address; its own poold dev if not given"),
        BenchmarkOption(name: "pid", value: "N", summary: "with --against: that pool's process, for its CPU time and memory"),
        BenchmarkOption(name: "auxiliaries", value: "N", summary: "instead: two pools in turns, without and with N auxiliary chains, 1 … 5"),
        BenchmarkOption(name: "user", value: "NAME", summary: "who the miners are (a regtest address)"),
    ]

    let connections: Int
    let inFlight: Int
    let seconds: Int
    let rounds: Int
    /// Auxiliary chains to compare with; 0 for one pool alone.
    let auxiliaries: Int
    private let target: LoadTarget?
    private let pid: pid_t?
    let user: String

    init(_ arguments: BenchmarkArguments) throws(BenchmarkUsageError) {
        connections = try arguments.integer("connections", in: 1...60_000, default: 100)
        inFlight = try arguments.integer("in-flight", in: 1...1_024, default: 16)
        seconds = try arguments.integer("seconds", in: 1...86_400, default: 10)
        rounds = try arguments.integer("rounds", in: 3...1_000, default: 5)
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
        user = arguments.text("user") ?? "bcrt1qw508d6qejxtdg4y5r3zarvary0c5xw7kygt080.load"
    }

    func run() throws -> Report {
        if auxiliaries > 0 { return try compare() }
        let own = target == nil ? try PoolProcess() : nil
        let host = target?.host ?? own?.host ?? ""
        let pool = own?.pid ?? pid
        let before = pool.flatMap(ProcessUse.memory(of:))
        var client = LoadClient(host: host, port: target?.port ?? own?.port ?? 0, connections: connections, inFlight: inFlight, user: user)
        let windows = try client.run(windows: rounds, each: Double(seconds) / Double(rounds)) { pool.flatMap(ProcessUse.cpu(of:)) }
        let after = pool.flatMap(ProcessUse.memory(of:))
        return report(windows, memory: zip2(before, after).map { $1 - $0 }, isOwn: own != nil)
    }

    private func zip2(_ first: Int?, _ second: Int?) -> (Int, Int)? {
        guard let first, let second else { return nil }
        return (first, second)
    }

    private func report(_ windows: [LoadWindow], memory: Int?, isOwn: Bool) -> Report {
        let accepted = windows.reduce(0) { $0 + $1.accepted }
        let rates = windows.map(\.sharesPerSecond).sorted()
        let cpu = windows.compactMap(\.poolMicrosecondsPerShare)
        let latency = windows.reduce(into: LatencyHistogram()) { $0.merge($1.latency) }
        func milliseconds(_ part: Double) -> Table.Cell { latency.percentile(part).map { .real($0 / 1e6, decimals: 2) } ?? .none }
        let columns = [
            ("connections", "connections"), ("inFlight", "in flight"), ("sharesPerSecond", "accepted/s"), ("spread", "± %"),
            ("poolCPU", "pool µs/share"), ("p50", "p50 ms"), ("p99", "p99 ms"), ("accepted", "accepted"), ("refused", "refused"),
            ("closed", "closed"),
            ("clientCPU", "client µs/share"),
        ]
        let row: [Table.Cell] = [
            .integer(connections), .integer(inFlight), .integer(Int(rates.median)),
            .real(100 * (rates[rates.count * 3 / 4] - rates[rates.count / 4]) / 2 / max(1, rates.median), decimals: 1),
            cpu.isEmpty ? .none : .real(cpu.median, decimals: 2), milliseconds(0.5), milliseconds(0.99), .integer(accepted),
            .integer(windows.reduce(0) { $0 + $1.refused.values.reduce(0, +) }), .integer(windows.reduce(0) { $0 + $1.closed }),
            .real(windows.map(\.clientMicrosecondsPerShare).median, decimals: 2),
        ]
        var table = Table(key: "stratum", title: "Shares over TCP", columns: columns.map { Table.Column(key: $0.0, title: $0.1) })
        table.rows = [row]
        var report = Report(benchmark: Self.name, machine: .current(), tables: [table])
        if isOwn { report.notes.append("The pool is a poold dev with its default durability; it and the client share this machine's cores.") }
        if pid == nil, !isOwn { report.notes.append("Without --pid the pool's CPU time is not known.") }
        if let memory { report.notes.append("The pool's memory grew by \(memory >> 10) KB.") }
        let refusals = windows.reduce(into: [String: Int]()) { $0.merge($1.refused, uniquingKeysWith: +) }
        for (reason, count) in refusals.sorted(by: { $0.value > $1.value }) { report.notes.append("refused: \(reason) \(count)") }
        let troubles = windows.reduce(into: [String: Int]()) { $0.merge($1.troubles, uniquingKeysWith: +) }
        for (text, count) in troubles.sorted(by: { $0.value > $1.value }) { report.notes.append("trouble: \(text) (\(count))") }
        return report
    }
}
