import Glibc

/// What an idle miner costs: the pool's own memory beside the number of connections that are subscribed, authorized and have a job.
struct MemoryBenchmark: Benchmark {
    static let name = "memory"
    static let summary = "the pool's own memory for each idle connection"
    static let options = [BenchmarkOption(name: "connections", value: "LIST", summary: "rising numbers, up to 15000 (10,100,1000,5000,10000,15000)")]

    private let counts: [Int]

    init(_ arguments: BenchmarkArguments) throws(BenchmarkUsageError) {
        counts = try arguments.integers("connections", in: 1...15_000, default: [10, 100, 1_000, 5_000, 10_000, 15_000]).sorted()
    }

    func run() throws -> Report {
        let pool = try PoolProcess()
        let empty = try settledMemory(pool.pid)
        var crews: [LoadCrew] = []
        var table = Table(
            key: "memory",
            title: "poold's own memory (private dirty pages) beside idle connections",
            columns: [
                "connections": "connections", "kilobytes": "KB in all", "grown": "KB more than with none", "each": "bytes a connection",
                "slope": "bytes each since the row above",
            ]
        )
        table.rows.append([.integer(0), .integer(empty >> 10), .integer(0), .none, .none])
        var last = (count: 0, memory: empty)
        for count in counts where count > last.count {
            crews.append(try LoadCrew(LoadOrder(port: pool.port, connections: count - last.count, inFlight: 0, workers: count)))
            let memory = try settledMemory(pool.pid)
            table.rows.append([
                .integer(count), .integer(memory >> 10), .integer((memory - empty) >> 10), .integer((memory - empty) / count),
                .integer((memory - last.memory) / (count - last.count)),
            ])
            last = (count, memory)
        }
        withExtendedLifetime((pool, crews)) {}
        var report = Report(benchmark: Self.name, machine: .current(), tables: [table])
        report.notes = [
            "Each connection is another worker of one account, in a mix of firmware profiles; none has sent a share.",
            "The kernel's socket buffers are not the process's own and not counted.",
        ]
        return report
    }

    /// Its memory once it stands still.
    private func settledMemory(_ pid: pid_t) throws(LoadFailure) -> Int {
        var last = -1
        for _ in 0..<20 {
            MonotonicClock.sleep(seconds: 0.5)
            guard let now = ProcessUse.ownMemory(of: pid) else { throw LoadFailure(description: "the pool has gone") }
            if now == last { return now }
            last = now
        }
        return last
    }
}
