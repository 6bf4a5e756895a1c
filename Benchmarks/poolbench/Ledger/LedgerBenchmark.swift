import Accounting
import Glibc
import Hashing

/// Shares made durable: how many a second, and what waiting for the disk adds to a reply.
struct LedgerBenchmark: Benchmark {
    static let name = "ledger"
    static let summary = "shares stored a second, and the time that durability adds to a reply"
    static let options = [
        BenchmarkOption(name: "workers", value: "N", summary: "workers among whom shares are dealt out, 1 … 1000000 (10000)"),
        BenchmarkOption(name: "seconds", value: "N", summary: "how long each measurement takes, 1 … 3600 (8)"),
        BenchmarkOption(name: "rate", value: "N", summary: "shares a second for the reply's time, 1 … 1000000 (20000)"),
        BenchmarkOption(name: "folder", value: "PATH", summary: "where the ledger's files go (/tmp)"),
    ]

    private let workers: Int
    private let seconds: Int
    private let rate: Int
    private let rounds: Int
    private let folder: String

    init(_ arguments: BenchmarkArguments) throws(BenchmarkUsageError) {
        workers = try arguments.integer("workers", in: 1...1_000_000, default: 10_000)
        seconds = try arguments.integer("seconds", in: 1...3_600, default: 8)
        rate = try arguments.integer("rate", in: 1...1_000_000, default: 20_000)
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
                .init(key: "durability", title: "durability"), .init(key: "sharesPerSecond", title: "shares/s"), .init(key: "spread", title: "± %"),
                .init(key: "nanoseconds", title: "writer CPU ns/share"), .init(key: "p50", title: "p50 ms"), .init(key: "p99", title: "p99 ms"),
                .init(key: "shares", title: "stored"), .init(key: "refused", title: "refused"),
            ]
        )
        for durability in Durability.allCases {
            let load = try LedgerLoad(durability: durability, workers: workers, folder: folder)
            load.run(seconds: 1)
            let windows = (0..<rounds).map { _ in load.run(seconds: Double(seconds) / Double(rounds)) }
            try load.close()
            let rates = Series(samples: windows.map { Double($0.stored) / $0.seconds })
            let latency = windows.reduce(into: LatencyHistogram()) { $0.merge($1.latency) }
            func milliseconds(_ part: Double) -> Table.Cell { latency.percentile(part).map { .real($0 / 1e6, decimals: 2) } ?? .none }
            table.rows.append([
                .text(durability.rawValue), .integer(Int(rates.samples.median)), .real(100 * rates.spread, decimals: 1),
                .real(windows.map { $0.cpu / Double(max(1, $0.stored)) * 1e9 }.median, decimals: 0), milliseconds(0.5), milliseconds(0.99),
                .integer(windows.reduce(0) { $0 + $1.stored }), .integer(windows.reduce(0) { $0 + $1.refused }),
            ])
        }
        return table
    }

    /// The same load on two pools that differ in durability alone.
    private func replies() throws -> Table {
        let node = try NodeStandIn(bits: CompactBits(rawValue: 0x1d00_ffff))
        let benches = try Durability.allCases.map { try PoolBench(node: node, durability: $0.rawValue) }
        let crews = try benches.map { bench in
            try LoadCrew(
                LoadOrder(
                    host: "127.0.0.1",
                    port: bench.pool.port,
                    connections: 100,
                    inFlight: 1_024,
                    rate: Double(rate),
                    account: StratumBenchmark.regtestUser,
                    workers: 100,
                    profiles: FirmwareProfile.mix
                )
            )
        }
        var books = crews.map { _ in LoadBook() }
        for _ in 0..<rounds {
            for (index, crew) in crews.enumerated() {
                crew.go()
                MonotonicClock.sleep(seconds: 0.3)
                _ = try crew.report()
                MonotonicClock.sleep(seconds: Double(seconds) / Double(rounds))
                books[index].merge(try crew.report(), isSameTime: false)
                crew.rest()
                MonotonicClock.sleep(seconds: 0.2)
            }
        }
        withExtendedLifetime(benches) {}
        var table = Table(
            key: "replies",
            title: "A reply over TCP, from when its share was due",
            columns: [
                .init(key: "durability", title: "durability"), .init(key: "sharesPerSecond", title: "accepted/s"), .init(key: "p50", title: "p50 ms"),
                .init(key: "p99", title: "p99 ms"), .init(key: "refused", title: "refused"),
            ]
        )
        for (durability, book) in zip(Durability.allCases, books) {
            func milliseconds(_ part: Double) -> Table.Cell { book.latency.percentile(part).map { .real($0 / 1e6, decimals: 2) } ?? .none }
            table.rows.append([
                .text(durability.rawValue), .integer(Int(book.sharesPerSecond)), milliseconds(0.5), milliseconds(0.99), .integer(book.refusedCount),
            ])
        }
        return table
    }
}
