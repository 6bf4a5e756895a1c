import Glibc

/// Honest miners' latency alone and beside attackers, in turns: a `poold run` with its defaults.
struct AttackBenchmark: Benchmark {
    static let name = "attack"
    static let summary = "honest miners beside attackers: their latency, their connections, the pool's memory; exit 1 when a check fails"
    static let options: [BenchmarkOption] = [
        .number("honest", "honest miners", in: 1...15_000, default: 1_000),
        BenchmarkOption(name: "rate", value: "N", summary: "shares a second of all honest miners together (12 a minute of each)"),
        .number("attackers", "attackers, of all kinds in turns", in: 1...4_000, default: 100),
        .number("bandwidth", "kilobytes a second that each attacker sends at most", in: 1...100_000, default: 128),
        .number("seconds", "how long each phase is measured", in: 1...3_600, default: 20),
        .number("slower", "how many times as long honest miners may wait", in: 1...1_000, default: 2),
    ]

    private let honest: Int
    private let rate: Int
    private let attackers: Int
    private let bandwidth: Int
    private let seconds: Int
    private let slower: Int
    private let rounds: Int

    init(_ arguments: BenchmarkArguments) throws(BenchmarkUsageError) {
        honest = try arguments.integer("honest")
        rate = try arguments.integer("rate", in: 1...1_000_000, default: max(10, honest / 5))
        attackers = try arguments.integer("attackers")
        bandwidth = try arguments.integer("bandwidth")
        seconds = try arguments.integer("seconds")
        slower = try arguments.integer("slower")
        rounds = try arguments.rounds(default: 5)
    }

    /// What the honest miners saw for a while, and the most that the pool took meanwhile.
    struct Phase {
        let book: LoadBook
        /// Bytes.
        let memory: Int
        /// The pool's CPU seconds a second.
        let cpu: Double

        /// Milliseconds.
        func percentile(_ part: Double) -> Double { (book.latency.percentile(part) ?? .infinity) / 1e6 }
    }

    func run() throws -> Report {
        let node = try NodeStandIn(transactionBytes: 1 << 20)
        let side = try PoolBench(node: node)
        let pool = side.pool
        let crew = try LoadCrew(LoadOrder(port: pool.port, connections: honest, inFlight: 16, rate: Double(rate), workers: honest))
        // The first is for warming up.
        _ = try measure(crew, pool)
        var (quiet, attacked): ([Phase], [Phase]) = ([], [])
        var enemies = AttackBook()
        for round in 0..<rounds {
            quiet.append(try measure(crew, pool))
            // From addresses that the pool has not seen yet.
            let attack = try AttackCrew(order(pool, firstSource: 0x7f0a_0001 + UInt32(round) << 16, beside: crew))
            MonotonicClock.sleep(seconds: 1)
            attacked.append(try measure(crew, pool))
            enemies.merge(try attack.end())
            MonotonicClock.sleep(seconds: 1)
        }
        let after = try measure(crew, pool)
        let figures = try PoolFigures(from: pool.admin)
        let outcome = AttackOutcome(
            honest: honest,
            slower: Double(slower),
            quiet: quiet,
            attacked: attacked,
            after: after,
            enemies: enemies,
            figures: figures
        )
        withExtendedLifetime(side) {}
        var report = Report(benchmark: Self.name, machine: .current())
        report.tables = outcome.tables
        report.hasFailed = outcome.checks.contains { !$0.holds }
        report.notes = [
            "\(honest) honest miners in a mix of firmware profiles, \(rate) shares/s together at a fixed rate from one address; a share's time runs from"
                + " when it was due. Latency includes the ledger's group commit, which is synced.",
            "\(attackers) attackers, \(AttackKind.allCases.count) kinds in turns, each with at most \(bandwidth) KB/s and from an address of its own,"
                + " but for every fifth: it comes from the honest miners'. Each comes back 20 ms after it was thrown out.",
            "Rounds of \(seconds) s alone and \(seconds) s attacked; miners and attackers share the machine with the pool.",
        ]
        return report
    }

    private func order(_ pool: PoolProcess, firstSource: UInt32, beside honest: LoadCrew) -> AttackOrder {
        AttackOrder(
            host: pool.host,
            port: pool.port,
            attackers: attackers,
            user: StratumBenchmark.regtestUser + ".attacker",
            firstSource: firstSource,
            honestSource: honest.firstSource,
            bandwidth: bandwidth << 10
        )
    }

    private func measure(_ crew: LoadCrew, _ pool: PoolProcess) throws(LoadFailure) -> Phase {
        // Whatever happened in between is in nobody's book otherwise.
        let between = try crew.report()
        crew.go()
        let before = ProcessUse.cpu(of: pool.pid) ?? 0
        var memory = 0
        let end = MonotonicClock.now + UInt64(seconds) * 1_000_000_000
        while MonotonicClock.now < end {
            MonotonicClock.sleep(seconds: 0.2)
            memory = max(memory, ProcessUse.ownMemory(of: pool.pid) ?? 0)
        }
        var book = try crew.report()
        let cpu = ((ProcessUse.cpu(of: pool.pid) ?? 0) - before) / book.seconds
        book.closed += between.closed
        crew.rest()
        return Phase(book: book, memory: memory, cpu: cpu)
    }
}
