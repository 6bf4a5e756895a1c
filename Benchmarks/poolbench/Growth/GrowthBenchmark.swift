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
        let atRate, echoAtRate, closedLoop, echo: Double
        /// At the fixed rate, 1 at most.
        let laneFill: Double
        /// The pool's own bytes more than without connections.
        let memory: Int
        /// Milliseconds.
        let fanOut, sendLoop: Double
    }

    func run() throws -> Report {
        var points: [Point] = []
        for count in counts { points.append(try measure(count)) }
        if let folder { try draw(points, into: folder) }
        var report = Report(benchmark: Self.name, machine: .current(), tables: [table(points), flatness(points)])
        report.notes = [
            "A fresh poold run with its defaults for each row, durability included; \(Self.processes) processes of miners share the machine.",
            "At the fixed rate as many shares come and are under way whatever the connections, each a write of its own: those figures compare.",
            "With 1 in flight ten connections cannot fill a batch, and as few shares pay for each wake-up and sync; thousands share them.",
        ]
        return report
    }

    /// Alike at every number of connections, so that shares come in the same small bursts.
    private static let processes = 2

    private func table(_ points: [Point]) -> Table {
        var table = Table(
            key: "growth",
            title: "From \(counts.first ?? 0) to \(counts.last ?? 0) connections, median of \(rounds) rounds",
            columns: [
                .init(key: "connections", title: "connections"), .init(key: "atRate", title: "µs/share at \(rate)/s"),
                .init(key: "echoAtRate", title: "bare echo"), .init(key: "laneFill", title: "lane fill %"),
                .init(key: "closedLoop", title: "µs/share, 1 in flight"), .init(key: "echo", title: "bare echo"),
                .init(key: "kilobytes", title: "memory KB"), .init(key: "bytes", title: "bytes each"),
                .init(key: "fanOut", title: "fan-out ms"), .init(key: "sendLoop", title: "send loop ms"),
            ]
        )
        table.rows = points.map { point in
            [
                .integer(point.connections), .real(point.atRate, decimals: 2), .real(point.echoAtRate, decimals: 2),
                .real(100 * point.laneFill, decimals: 0), .real(point.closedLoop, decimals: 2), .real(point.echo, decimals: 2),
                .integer(point.memory >> 10), .integer(point.memory / point.connections), .real(point.fanOut, decimals: 1),
                .real(point.sendLoop, decimals: 1),
            ]
        }
        return table
    }

    /// Whether the cost of a share stays within twice its least.
    private func flatness(_ points: [Point]) -> Table {
        var table = Table(
            key: "flatness",
            title: "CPU a share over all these connections",
            columns: [
                .init(key: "what", title: "what"), .init(key: "least", title: "least µs"), .init(key: "most", title: "most µs"),
                .init(key: "ratio", title: "most / least"), .init(key: "flat", title: "flat within 2 ×"),
            ]
        )
        for (name, cost) in [
            ("poold, \(rate) shares/s", \Point.atRate), ("bare echo, \(rate) lines/s", \.echoAtRate), ("poold, 1 in flight", \.closedLoop),
            ("bare echo, 1 in flight", \.echo),
        ] {
            let costs = points.map { $0[keyPath: cost] }
            guard let least = costs.min(), let most = costs.max(), least > 0 else { continue }
            table.rows.append([
                .text(name), .real(least, decimals: 2), .real(most, decimals: 2), .real(most / least, decimals: 2),
                .text(most <= 2 * least ? "yes" : "no"),
            ])
        }
        return table
    }

    private func measure(_ count: Int) throws -> Point {
        let node = try NodeStandIn(bits: CompactBits(rawValue: 0x1d00_ffff), transactionBytes: 1 << 20)
        let bench = try PoolBench(node: node)
        MonotonicClock.sleep(seconds: 0.5)
        let empty = ProcessUse.ownMemory(of: bench.pool.pid) ?? 0
        var order = LoadOrder(
            host: "127.0.0.1",
            port: bench.pool.port,
            connections: count,
            inFlight: 256,
            rate: Double(rate),
            account: StratumBenchmark.regtestUser,
            workers: count,
            profiles: FirmwareProfile.mix
        )
        order.processes = Self.processes
        let pool = try LoadSide("poold", pid: bench.pool.pid, keeping: bench, order, admin: bench.pool.admin)
        MonotonicClock.sleep(seconds: 1)
        let memory = (ProcessUse.ownMemory(of: bench.pool.pid) ?? 0) - empty
        let fanOut = try fanOut(pool.crew, of: count) { node.advance() }
        let atRate = try cost(of: pool)
        pool.crew.disconnect()

        let bare = try BareProcess(loops: Int(linux_usable_cpus()))
        var bareOrder = order
        bareOrder.port = bare.port
        bareOrder.profiles = [.bare]
        let echo = try LoadSide("bare echo", pid: bare.pid, keeping: bare, bareOrder)
        let sendLoop = try self.fanOut(echo.crew, of: count) { bare.send() }
        let echoAtRate = try cost(of: echo)
        echo.crew.disconnect()

        return Point(
            connections: count,
            atRate: atRate,
            echoAtRate: echoAtRate,
            closedLoop: try closedLoop(order, pid: bench.pool.pid, keeping: bench),
            echo: try closedLoop(bareOrder, pid: bare.pid, keeping: bare),
            laneFill: pool.laneFill ?? 0,
            memory: memory,
            fanOut: fanOut,
            sendLoop: sendLoop
        )
    }

    /// Microseconds a share.
    private func cost(of side: LoadSide) throws -> Double {
        try LoadSide.measure([side], rounds: rounds, seconds: Double(seconds))
        return side.costs.samples.median
    }

    /// The same with one share of each connection under way.
    private func closedLoop(_ order: LoadOrder, pid: pid_t, keeping server: AnyObject) throws -> Double {
        var order = order
        order.rate = nil
        order.inFlight = 1
        let side = try LoadSide("", pid: pid, keeping: server, order)
        defer { side.crew.disconnect() }
        return try cost(of: side)
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
                        line("poold, \(rate)/s", \.atRate), line("echo, \(rate)/s", \.echoAtRate),
                        line("poold, 1 in flight", \.closedLoop), line("echo, 1 in flight", \.echo),
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
