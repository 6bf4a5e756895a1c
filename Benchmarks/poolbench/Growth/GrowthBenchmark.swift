import CLinux
import Glibc
import Hashing

/// How cost, memory and fan-out grow with the number of connections.
struct GrowthBenchmark: Benchmark {
    static let name = "growth"
    static let summary = "CPU a share, memory and fan-out from few connections to many, as figures and curves"
    static let options = [
        BenchmarkOption(name: "connections", value: "LIST", summary: "numbers, up to 15000 (10,30,100,300,1000,3000,10000,15000)"),
        BenchmarkOption(name: "rate", value: "N", summary: "shares a second of all together where the rate is fixed, 1 … 1000000 (20000)"),
        BenchmarkOption(name: "seconds", value: "N", summary: "how long each load is measured, 1 … 3600 (3)"),
        BenchmarkOption(name: "svg", value: "FOLDER", summary: "also draw growth-cpu.svg, growth-memory.svg and growth-fanout.svg there"),
    ]

    private let counts: [Int]
    private let rate: Int
    private let seconds: Int
    private let rounds: Int
    private let folder: String?

    init(_ arguments: BenchmarkArguments) throws(BenchmarkUsageError) {
        let usual = [10, 30, 100, 300, 1_000, 3_000, 10_000, 15_000]
        counts = try arguments.integers("connections", in: 1...15_000, default: usual).sorted()
        rate = try arguments.integer("rate", in: 1...1_000_000, default: 20_000)
        seconds = try arguments.integer("seconds", in: 1...3_600, default: 3)
        rounds = try arguments.rounds(default: 5)
        folder = arguments.text("svg")
    }

    /// What one number of connections came to.
    private struct Point {
        let connections: Int
        /// Microseconds of the server a share.
        let atRate, closedLoop, echo: Double
        /// The pool's own bytes more than without connections.
        let memory: Int
        /// Milliseconds.
        let fanOut, sendLoop: Double
    }

    func run() throws -> Report {
        var points: [Point] = []
        for count in counts { points.append(try measure(count)) }
        if let folder { try draw(points, into: folder) }
        var table = Table(
            key: "growth",
            title: "From \(counts.first ?? 0) to \(counts.last ?? 0) connections, median of \(rounds) rounds",
            columns: [
                .init(key: "connections", title: "connections"), .init(key: "atRate", title: "µs/share at \(rate)/s"),
                .init(key: "closedLoop", title: "1 in flight"), .init(key: "echo", title: "bare echo, 1 in flight"),
                .init(key: "kilobytes", title: "memory KB"), .init(key: "bytes", title: "bytes each"),
                .init(key: "fanOut", title: "fan-out ms"), .init(key: "sendLoop", title: "send loop ms"),
            ]
        )
        table.rows = points.map { point in
            [
                .integer(point.connections), .real(point.atRate, decimals: 2), .real(point.closedLoop, decimals: 2), .real(point.echo, decimals: 2),
                .integer(point.memory >> 10), .integer(point.memory / point.connections), .real(point.fanOut, decimals: 1),
                .real(point.sendLoop, decimals: 1),
            ]
        }
        var report = Report(benchmark: Self.name, machine: .current(), tables: [table])
        report.notes = [
            "A fresh poold run with its defaults for each row, durability included; the miners share the machine.",
            "At a fixed rate hardly two shares come together, so that each pays for a wake-up and a sync of its own.",
        ]
        return report
    }

    private func measure(_ count: Int) throws -> Point {
        let node = try NodeStandIn(bits: CompactBits(rawValue: 0x1d00_ffff), transactionBytes: 1 << 20)
        let bench = try PoolBench(node: node)
        MonotonicClock.sleep(seconds: 0.5)
        let empty = ProcessUse.ownMemory(of: bench.pool.pid) ?? 0
        let pool = LoadOrder(
            host: "127.0.0.1",
            port: bench.pool.port,
            connections: count,
            inFlight: 256,
            rate: Double(rate),
            account: StratumBenchmark.regtestUser,
            workers: count,
            profiles: FirmwareProfile.mix
        )
        var memory = 0
        let atRate = try load(pool, pid: bench.pool.pid, keeping: bench) { side in
            MonotonicClock.sleep(seconds: 1)
            memory = (ProcessUse.ownMemory(of: bench.pool.pid) ?? 0) - empty
            return try fanOut(side.crew, of: count) { node.advance() }
        }
        var closed = pool
        closed.rate = nil
        closed.inFlight = 1
        let closedLoop = try load(closed, pid: bench.pool.pid, keeping: bench) { _ in 0 }

        let bare = try BareProcess(loops: Int(linux_usable_cpus()))
        var bareOrder = closed
        bareOrder.port = bare.port
        bareOrder.profiles = [.bare]
        let echo = try load(bareOrder, pid: bare.pid, keeping: bare) { side in try fanOut(side.crew, of: count) { bare.send() } }
        return Point(
            connections: count,
            atRate: atRate.cost,
            closedLoop: closedLoop.cost,
            echo: echo.cost,
            memory: memory,
            fanOut: atRate.idle,
            sendLoop: echo.idle
        )
    }

    /// What is to be known of idle miners, then their load's cost.
    private func load(_ order: LoadOrder, pid: pid_t, keeping server: AnyObject, idle: (LoadSide) throws -> Double) throws -> (
        cost: Double, idle: Double
    ) {
        let side = try LoadSide("", pid: pid, keeping: server, order)
        let first = try idle(side)
        try LoadSide.measure([side], rounds: rounds, seconds: Double(seconds))
        return (side.costs.samples.median, first)
    }

    /// Milliseconds from the first connection that has a job to the last.
    private func fanOut(_ crew: LoadCrew, of count: Int, trigger: () -> Void) throws -> Double {
        var times: [Double] = []
        for _ in 0..<rounds {
            _ = try crew.report()
            trigger()
            var book = LoadBook()
            let deadline = MonotonicClock.now + 10_000_000_000
            while book.cleanJobs < count, MonotonicClock.now < deadline {
                MonotonicClock.sleep(seconds: 0.2)
                book.merge(try crew.report(), isSameTime: true)
            }
            guard book.cleanJobs >= count else {
                throw LoadFailure(description: "\(book.cleanJobs) of \(count) connections got a job in ten seconds")
            }
            times.append(Double(book.lastJobAt - book.firstJobAt) / 1e6)
        }
        return times.median
    }

    private func draw(_ points: [Point], into folder: String) throws(LoadFailure) {
        func line(_ name: String, _ value: (Point) -> Double) -> Chart.Line {
            Chart.Line(name: name, points: points.map { (Double($0.connections), value($0)) })
        }
        let charts = [
            (
                "growth-cpu",
                Chart(
                    title: "CPU a share",
                    unit: "µs",
                    lines: [
                        line("poold, \(rate) shares/s", \.atRate), line("poold, 1 in flight", \.closedLoop),
                        line("bare epoll echo, 1 in flight", \.echo),
                    ]
                )
            ),
            ("growth-memory", Chart(title: "poold's own memory for its connections", unit: "MB", lines: [line("poold") { Double($0.memory) / 1e6 }])),
            (
                "growth-fanout",
                Chart(
                    title: "A new job, first connection to last",
                    unit: "ms",
                    lines: [line("poold", \.fanOut), line("bare send loops", \.sendLoop)]
                )
            ),
        ]
        for (name, chart) in charts { try chart.save(to: "\(folder)/\(name).svg") }
    }
}
