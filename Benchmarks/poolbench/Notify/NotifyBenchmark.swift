import CLinux
import Glibc

/// A new job to many connections, until the last has it: a `poold run` beside bare loops of `send`, on one CPU and on all.
struct NotifyBenchmark: Benchmark {
    static let name = "notify"
    static let summary = "a new job to many connections, until the last has it; a new tip and a large template to the first job"
    static let options: [BenchmarkOption] = [.number("connections", "connections of each", in: 1...15_000, default: 9_000)]

    private let connections: Int
    private let rounds: Int

    init(_ arguments: BenchmarkArguments) throws(BenchmarkUsageError) {
        connections = try arguments.integer("connections")
        rounds = try arguments.rounds()
    }

    /// One server with its listeners.
    private struct Side {
        let name: String
        let pid: pid_t
        let crew: LoadCrew
        /// Makes it send.
        let trigger: () -> Void
        /// What must live as long.
        let keeps: AnyObject
    }

    private struct Sample {
        /// From the first connection that has the job to the last, milliseconds.
        let spread: Double
        /// The server's CPU time a connection, microseconds.
        let cpu: Double
    }

    func run() throws -> Report {
        let cores = Int(linux_usable_cpus())
        var sides = try [bare(1), pool(1)]
        if cores > 1 { sides += try [bare(cores), pool(cores)] }
        var samples = sides.map { _ in [Sample]() }
        for round in 0...rounds {
            for (index, side) in sides.enumerated() {
                let sample = try measure(side)
                // The first round warms up.
                if round > 0 { samples[index].append(sample) }
            }
        }
        var report = Report(benchmark: Self.name, machine: .current())
        report.tables = [fanOutTable(sides, samples)]
        sides = []
        report.tables.append(try TipLatency(rounds: rounds).table())
        report.notes = [
            "From the first connection that has the job to the last, by the miners' clocks; all sides are connected at once and measured in turns.",
            "A pool's CPU time includes reading the template and making the job; a bare loop does nothing but send.",
            "The miners that read share the machine: on \(cores) CPUs a server on one of them leaves the rest to them.",
        ]
        return report
    }

    private func bare(_ loops: Int) throws -> Side {
        let process = try BareProcess(loops: loops, cores: loops)
        return Side(
            name: "send loop, \(loops) CPU",
            pid: process.pid,
            crew: try LoadCrew(order(port: process.port, profiles: [.bare])),
            trigger: { process.send() },
            keeps: process
        )
    }

    private func pool(_ cores: Int) throws -> Side {
        let node = try NodeStandIn(transactionBytes: 2 << 20)
        let bench = try PoolBench(node: node, cores: cores)
        return Side(
            name: "poold, \(cores) CPU",
            pid: bench.pool.pid,
            crew: try LoadCrew(order(port: bench.pool.port, profiles: FirmwareProfile.mix)),
            trigger: { node.advance() },
            keeps: bench
        )
    }

    private func order(port: UInt16, profiles: [FirmwareProfile]) -> LoadOrder {
        LoadOrder(port: port, connections: connections, inFlight: 0, profiles: profiles)
    }

    private func measure(_ side: Side) throws -> Sample {
        _ = try side.crew.report()
        let before = ProcessUse.cpu(of: side.pid) ?? 0
        side.trigger()
        let book = try side.crew.reportJob(to: connections, asking: 0.5)
        guard book.cleanJobs >= connections else {
            throw LoadFailure(description: "\(side.name): \(book.cleanJobs) of \(connections) connections got the job within ten seconds")
        }
        let cpu = (ProcessUse.cpu(of: side.pid) ?? 0) - before
        return Sample(spread: book.fanOut, cpu: 1e6 * cpu / Double(connections))
    }

    private func fanOutTable(_ sides: [Side], _ samples: [[Sample]]) -> Table {
        var table = Table(
            key: "fanOut",
            title: "A new job to \(connections) connections, median of \(rounds) rounds",
            columns: [
                "what": "what", "milliseconds": "first to last ms", "spread": "± %", "worst": "worst ms", "timesBare": "× send loop",
                "cpu": "CPU µs/connection",
            ]
        )
        for (index, side) in sides.enumerated() {
            let own = Series(samples: samples[index].map(\.spread))
            let bare = samples[index & ~1].map(\.spread)
            table.rows.append([
                .text(side.name), .real(own.samples.median, decimals: 1), .spread(of: own),
                .real(own.samples.max() ?? 0, decimals: 1), .real(zip(own.samples, bare).map { $0 / $1 }.median, decimals: 2),
                .real(samples[index].map(\.cpu).median, decimals: 2),
            ])
        }
        return table
    }
}
