import CLinux
import Glibc

/// How cost, memory and fan-out grow with the number of connections.
struct GrowthBenchmark: Benchmark {
    static let name = "growth"
    static let summary = "CPU a share, memory and fan-out from few connections to many, as figures and curves"
    static let options: [BenchmarkOption] = [
        BenchmarkOption(name: "connections", value: "LIST", summary: "numbers, up to 15000 (10,30,100,300,1000,3000,10000,15000)"),
        .number("rate", "shares a second of all together where the rate is fixed", in: 1...1_000_000, default: 20_000),
        .number("seconds", "how long each load is measured", in: 1...3_600, default: 3),
        BenchmarkOption(name: "svg", value: "FOLDER", summary: "also draw growth-cpu.svg, growth-memory.svg and growth-fanout.svg there"),
    ]

    private let counts: [Int]
    let rate: Int
    private let seconds: Int
    private let rounds: Int
    private let folder: String?

    init(_ arguments: BenchmarkArguments) throws(BenchmarkUsageError) {
        let usual = [10, 30, 100, 300, 1_000, 3_000, 10_000, 15_000]
        counts = try arguments.integers("connections", in: 1...15_000, default: usual).sorted()
        rate = try arguments.integer("rate")
        seconds = try arguments.integer("seconds")
        rounds = try arguments.rounds(default: 5)
        folder = arguments.text("svg")
    }

    /// What one number of connections came to.
    struct Point {
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
                "connections": "connections", "atRate": "µs/share at \(rate)/s", "echoAtRate": "bare echo", "laneFill": "lane fill %",
                "closedLoop": "µs/share, 1 in flight", "echo": "bare echo", "kilobytes": "memory KB", "bytes": "bytes each", "fanOut": "fan-out ms",
                "sendLoop": "send loop ms",
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
            columns: ["what": "what", "least": "least µs", "most": "most µs", "ratio": "most / least", "flat": "flat within 2 ×"]
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
        let node = try NodeStandIn(transactionBytes: 1 << 20)
        let bench = try PoolBench(node: node)
        MonotonicClock.sleep(seconds: 0.5)
        let empty = ProcessUse.ownMemory(of: bench.pool.pid) ?? 0
        let order = LoadOrder(port: bench.pool.port, connections: count, inFlight: 256, rate: Double(rate), workers: count, processes: Self.processes)
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
            let book = try crew.reportJob(to: count, asking: 0.2)
            guard book.cleanJobs >= count else {
                throw LoadFailure(description: "\(book.cleanJobs) of \(count) connections got a job in ten seconds")
            }
            times.append(book.fanOut)
        }
        return times.median
    }
}
