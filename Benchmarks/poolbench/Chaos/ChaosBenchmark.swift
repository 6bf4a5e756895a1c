import CLinux
import Glibc
import JSON

/// Everything that can go wrong, at random and much of it at once, and what must hold all the same.
struct ChaosBenchmark: Benchmark {
    static let name = "chaos"
    static let summary = "nodes, disk, clock, miners and the pool's own process fail at random; exit 1 when a check does not hold afterwards"
    static let options = [
        BenchmarkOption(name: "seconds", value: "N", summary: "how long things go wrong, 30 … 86400 (120)"),
        BenchmarkOption(
            name: "seed",
            value: "N",
            summary: "what to begin with; the same number brings the same faults in the same order (by the clock)"
        ),
        BenchmarkOption(name: "miners", value: "N", summary: "miners, 1 … 2000 (64)"),
        BenchmarkOption(name: "rate", value: "N", summary: "shares a second of all together, 1 … 10000 (250)"),
        BenchmarkOption(name: "keep", value: nil, summary: "leave the pool's folder behind; so does a check that fails"),
    ]

    private let seconds: Int
    private let seed: UInt64
    private let miners: Int
    private let rate: Int
    private let keeps: Bool

    init(_ arguments: BenchmarkArguments) throws(BenchmarkUsageError) {
        seconds = try arguments.integer("seconds", in: 30...86_400, default: 120)
        seed = UInt64(try arguments.integer("seed", in: 0...Int.max, default: Int(time(nil))))
        miners = try arguments.integer("miners", in: 1...2_000, default: 64)
        rate = try arguments.integer("rate", in: 1...10_000, default: 250)
        keeps = arguments.text("keep") != nil
    }

    func run() throws -> Report {
        _ = linux_raise_file_limit()
        let nodes = try blocking { try await ChaosNodes() }
        let folder = try TemporaryFolder()
        let (listening, port) = try LoadSocket.listen()
        close(listening)
        let pool = try ChaosPool(folder: folder, nodes: nodes.parentEntry, auxiliaries: nodes.auxiliaryEntries, port: port)
        let crowd = try ChaosCrowd(port: port, account: StratumBenchmark.regtestUser, miners: miners, seed: seed)
        try pool.start()
        var storm = ChaosStorm(
            world: ChaosWorld(nodes: nodes, pool: pool, crowd: crowd, seed: seed),
            seconds: Double(seconds),
            miners: miners,
            rate: Double(rate)
        )
        storm.tell("seed \(seed), \(folder.path)")
        try storm.run()
        let checks = try ChaosChecks(storm, nodes).all
        crowd.end()
        pool.stop()
        try blocking { await nodes.stop() }

        var report = Report(benchmark: Self.name, machine: .current())
        report.tables = [storm.eventTable, storm.countTable, ChaosChecks.table(checks)]
        report.hasFailed = checks.contains { !$0.holds }
        folder.isKept = keeps || report.hasFailed
        report.notes = [
            "Seed \(seed); \(miners) miners, \(rate) shares/s, every hash a share, one in 2,048 a block of the parent chain.",
            "The pool is a poold run with RSK, Namecoin and the gateway; \(pool.starts) starts, \(pool.upgrades) upgrades, no process is ended in the second half.",
        ]
        report.notes += storm.world.missing.sorted().map { "Not tried: \($0)." }
        if folder.isKept { report.notes.append("The pool's log and data: \(folder.path)") }
        return report
    }
}
