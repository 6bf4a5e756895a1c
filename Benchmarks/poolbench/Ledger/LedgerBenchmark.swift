import Accounting
import Glibc

/// Shares made durable: how many a second, and what waiting for the disk adds to a reply.
struct LedgerBenchmark: Benchmark {
    static let name = "ledger"
    static let summary = "shares stored a second, and the time that durability adds to a reply"
    static let options: [BenchmarkOption] = [
        .number("workers", "workers among whom shares are dealt out", in: 1...1_000_000, default: 10_000),
        .number("seconds", "how long each measurement takes", in: 1...3_600, default: 8),
        .number("rate", "shares a second for the reply's time", in: 1...1_000_000, default: 20_000),
        BenchmarkOption(name: "folder", value: "PATH", summary: "where the ledger's files go (/tmp)"),
    ]

    private let workers: Int
    private let seconds: Int
    private let rate: Int
    private let rounds: Int
    private let folder: String

    init(_ arguments: BenchmarkArguments) throws(BenchmarkUsageError) {
        workers = try arguments.integer("workers")
        seconds = try arguments.integer("seconds")
        rate = try arguments.integer("rate")
        rounds = try arguments.rounds(default: 5)
        folder = arguments.text("folder") ?? "/tmp"
    }

    func run() throws -> Report {
        var report = Report(benchmark: Self.name, machine: .current())
        report.tables = [try throughput(), try replies()]
        report.notes = [
            "Stored: a loop's ring, the writer that poold runs, the ledger on SQLite in \(folder), \(workers) workers; full is the default.",
            "A share's time here runs from its push to the ring until its outcome is back.",
            "Over TCP: two poold dev of one run at \(rate) shares/s from 100 connections, measured in turns; full is the default.",
        ]
        return report
    }

    private func throughput() throws -> Table {
        var table = Table(
            key: "stored",
            title: "Stored, median of \(rounds) parts of \(seconds) s",
            columns: [
                "durability": "durability", "sharesPerSecond": "shares/s", "spread": "± %", "nanoseconds": "writer CPU ns/share", "p50": "p50 ms",
                "p99": "p99 ms", "shares": "stored", "refused": "refused",
            ]
        )
        for durability in Durability.allCases {
            let load = try LedgerLoad(durability: durability, workers: workers, folder: folder)
            load.run(seconds: 1)
            let windows = (0..<rounds).map { _ in load.run(seconds: Double(seconds) / Double(rounds)) }
            try load.close()
            let rates = Series(samples: windows.map { Double($0.stored) / $0.seconds })
            let latency = windows.reduce(into: LatencyHistogram()) { $0.merge($1.latency) }
            table.rows.append([
                .text(durability.rawValue), .integer(Int(rates.samples.median)), .spread(of: rates),
                .real(windows.map { $0.cpu / Double(max(1, $0.stored)) * 1e9 }.median, decimals: 0),
                .milliseconds(latency, 0.5), .milliseconds(latency, 0.99), .integer(windows.reduce(0) { $0 + $1.stored }),
                .integer(windows.reduce(0) { $0 + $1.refused }),
            ])
        }
        return table
    }

    /// The same load on two pools that differ in durability alone.
    private func replies() throws -> Table {
        let node = try NodeStandIn()
        let sides = try Durability.allCases.map { durability in
            let bench = try PoolBench(node: node, durability: durability.rawValue)
            let order = LoadOrder(port: bench.pool.port, connections: 100, inFlight: 1_024, rate: Double(rate), workers: 100)
            return try LoadSide(durability.rawValue, pid: bench.pool.pid, keeping: bench, order)
        }
        for _ in 0..<rounds {
            for side in sides { try side.load(seconds: Double(seconds) / Double(rounds)) }
        }
        var table = Table(
            key: "replies",
            title: "A reply over TCP, from when its share was due",
            columns: ["durability": "durability", "sharesPerSecond": "accepted/s", "p50": "p50 ms", "p99": "p99 ms", "refused": "refused"]
        )
        for side in sides {
            let book = side.sum
            table.rows.append([
                .text(side.name), .integer(Int(book.sharesPerSecond)), .milliseconds(book.latency, 0.5), .milliseconds(book.latency, 0.99),
                .integer(book.refusedCount),
            ])
        }
        return table
    }
}
