import CLinux
import Glibc
import Hashing

/// What the machine can do without the pool: sockets, hashing, the disk.
struct FloorBenchmark: Benchmark {
    static let name = "floor"
    static let summary = "what the machine can do without the pool: echo, send loop, SHA-256, disk"
    static let options: [BenchmarkOption] = [
        .number("connections", "connections of the send loop", in: 1...15_000, default: 9_000),
        .number("seconds", "how long each echo is measured", in: 1...3_600, default: 5),
        BenchmarkOption(name: "folder", value: "PATH", summary: "where the disk is tried (/tmp)"),
    ]

    private let connections: Int
    private let seconds: Int
    private let rounds: Int
    private let folder: String

    init(_ arguments: BenchmarkArguments) throws(BenchmarkUsageError) {
        connections = try arguments.integer("connections")
        seconds = try arguments.integer("seconds")
        rounds = try arguments.rounds(default: 5)
        folder = arguments.text("folder") ?? "/tmp"
    }

    func run() throws -> Report {
        let machine = Machine.current()
        var report = Report(benchmark: Self.name, machine: machine)
        report.tables = [try echo(), try sendLoop(), hashing(machine), try disk()]
        report.notes = [
            "echo: an epoll loop on each CPU answers every line it reads with a constant one; the miners share the machine.",
            "a cycle: the least operations of a compression over the cycles that it took.",
        ]
        return report
    }

    private func crew(_ port: UInt16, _ connections: Int, inFlight: Int) throws(LoadFailure) -> LoadCrew {
        try LoadCrew(LoadOrder(port: port, connections: connections, inFlight: inFlight, account: "", profiles: [.bare]))
    }

    private func echo() throws -> Table {
        let cores = Int(linux_usable_cpus())
        let server = try BareProcess(loops: cores)
        var table = Table(
            key: "echo",
            title: "Bare epoll echo, \(cores) loops, median of \(rounds) rounds",
            columns: [
                "connections": "connections", "inFlight": "in flight", "linesPerSecond": "lines/s", "spread": "± %", "cpu": "server µs/line",
                "clientCPU": "miners µs/line",
            ]
        )
        for (connections, inFlight) in [(100, 16), (1_000, 1)] {
            let crew = try crew(server.port, connections, inFlight: inFlight)
            crew.go()
            MonotonicClock.sleep(seconds: 0.5)
            _ = try crew.report()
            var books: [(LoadBook, cpu: Double)] = []
            for _ in 0..<rounds {
                let before = ProcessUse.cpu(of: server.pid) ?? 0
                MonotonicClock.sleep(seconds: Double(seconds) / Double(rounds))
                books.append((try crew.report(), (ProcessUse.cpu(of: server.pid) ?? 0) - before))
            }
            let rates = Series(samples: books.map { $0.0.sharesPerSecond })
            table.rows.append([
                .integer(connections), .integer(inFlight), .integer(Int(rates.samples.median)), .spread(of: rates),
                .real(books.map { 1e6 * $0.cpu / Double(max(1, $0.0.accepted)) }.median, decimals: 2),
                .real(books.map { $0.0.microsecondsPerShare }.median, decimals: 2),
            ])
        }
        withExtendedLifetime(server) {}
        return table
    }

    private func sendLoop() throws -> Table {
        var table = Table(
            key: "sendLoop",
            title: "One job to \(connections) connections by a bare send loop, median of \(rounds) rounds",
            columns: ["loops": "loops", "milliseconds": "first to last ms", "spread": "± %", "cpu": "CPU µs/connection"]
        )
        for loops in Set([1, Int(linux_usable_cpus())]).sorted() {
            let server = try BareProcess(loops: loops, cores: loops)
            let crew = try crew(server.port, connections, inFlight: 0)
            var times: [Double] = []
            var cpu: [Double] = []
            for round in 0...rounds {
                _ = try crew.report()
                let before = ProcessUse.cpu(of: server.pid) ?? 0
                server.send()
                MonotonicClock.sleep(seconds: 1)
                let book = try crew.report()
                guard round > 0 else { continue }
                times.append(book.fanOut)
                cpu.append(1e6 * ((ProcessUse.cpu(of: server.pid) ?? 0) - before) / Double(connections))
            }
            table.rows.append([
                .integer(loops), .real(times.median, decimals: 1), .spread(of: Series(samples: times)),
                .real(cpu.median, decimals: 2),
            ])
            withExtendedLifetime(server) {}
        }
        return table
    }

    /// The least operations of a compression are known; how many of them a cycle did shows how far a kernel is from the core's ports.
    private func hashing(_ machine: Machine) -> Table {
        let engines = HashEngine.available
        let kernels = engines.map { BareKernels($0) }
        let series = measure(
            engines.indices.map { index in
                Contestant(engines[index].name, units: 64 * Double(engines[index].lanes)) { kernels[index].kernel.compress(times: 64 * $0) }
            },
            rounds: 15
        )
        var table = Table(
            key: "hashing",
            title: "SHA-256 compressions of one core, median of 15 rounds",
            columns: ["engine": "engine", "millions": "M/s", "cycles": "cycles a call", "operations": "operations a call", "perCycle": "a cycle"]
        )
        for (engine, series) in zip(engines, series) {
            let cycles = machine.clock * 1e9 / series.rate * Double(engine.lanes)
            let count = OperationCount(engine: engine.name)?.total
            table.rows.append([
                .text(engine.name), .millionths(of: series), .real(cycles, decimals: 0), count.map { .integer($0) } ?? .none,
                count.map { .real(Double($0) / cycles, decimals: 2) } ?? .none,
            ])
        }
        return table
    }

    private func disk() throws -> Table {
        let folder = try TemporaryFolder(in: folder)
        let fd = open(folder.path + "/sync", O_WRONLY | O_CREAT | O_CLOEXEC, 0o600)
        guard fd >= 0 else { throw LoadFailure(description: "cannot write in \(folder.path)") }
        defer { close(fd) }
        var table = Table(
            key: "disk",
            title: "Append and fdatasync in \(folder.path.split(separator: "/").dropLast().reduce("") { $0 + "/" + $1 })",
            columns: ["bytes": "bytes", "syncsPerSecond": "syncs/s", "p50": "p50 ms", "p99": "p99 ms"]
        )
        for size in [512, 4_096, 65_536, 1 << 20] {
            let bytes = [UInt8](repeating: 0x5a, count: size)
            var times = LatencyHistogram()
            let start = MonotonicClock.now
            while MonotonicClock.now - start < 1_000_000_000 {
                let before = MonotonicClock.now
                guard write(fd, bytes, size) == size, fdatasync(fd) == 0 else { throw LoadFailure(description: "cannot sync in \(folder.path)") }
                times.add(MonotonicClock.now - before)
            }
            let seconds = Double(MonotonicClock.now - start) / 1e9
            table.rows.append([
                .integer(size), .integer(Int(Double(times.count) / seconds)), .milliseconds(times, 0.5), .milliseconds(times, 0.99),
            ])
        }
        return table
    }
}

/// Lets closures share what cannot be copied.
private final class BareKernels {
    let kernel: BareKernel

    init(_ engine: HashEngine) { kernel = BareKernel(engine: engine) }
}
