import Hashing

/// `poolbench judge`: shares judged in process, inputs gathered, per engine and as the pool is set up by default.
struct JudgeBenchmark: Benchmark {
    static let name = "judge"
    static let summary = "shares judged a second, per engine and core"
    static let options: [BenchmarkOption] = [
        .number("branches", "Merkle siblings of the job", in: 0...32, default: 12),
        BenchmarkOption(name: "auxiliaries", value: "N", summary: "instead: the pool's own job with and without N auxiliary chains, 1 … 5"),
    ]

    let rounds: Int
    let branches: Int
    /// Auxiliary chains to compare with; 0 for the comparison of engines.
    let auxiliaries: Int

    init(_ arguments: BenchmarkArguments) throws(BenchmarkUsageError) {
        rounds = try arguments.rounds()
        branches = try arguments.integer("branches")
        auxiliaries = try arguments.integer("auxiliaries", in: 0...SampleAuxiliaries.most, default: 0)
    }

    func run() throws -> Report {
        if auxiliaries > 0 { return try compare() }
        let machine = Machine.current()
        let started = ThreadClock.now
        let choice = try HashEngine.chosen()
        let choosing = ThreadClock.now - started
        let job = SampleJob(branch: branches, shares: 64)
        try check(job)

        let engines = HashEngine.available
        let judges = engines.map { ($0.name, ShareJudge(engine: $0)) } + [("as poold runs", choice.makeJudge())]
        let contestants = judges.map { name, judge in judgeContestant(name, judge, job, count: job.shares.count) }
        var openSSL = OpenSSLHashing()
        let blocks = job.compressions
        let references = [
            Contestant("OpenSSL transform", units: 1) { openSSL.compress(times: blocks * $0) },
            Contestant("OpenSSL", units: Double(job.shares.count)) { repetitions in
                for _ in 0..<repetitions { for share in job.shares { keep(job.hashByOpenSSL(share)) } }
            },
        ]
        let bare = engines.map { engine in
            let kernel = BareJudge(engine, compressions: blocks)
            return Contestant(engine.name, units: Double(engine.lanes)) { kernel.run(times: $0) }
        }
        let fills = [1, 2, 4, 6, 8, 12, 16, 24].map { count in judgeContestant(String(count), judges[judges.count - 1].1, job, count: count) }
        let series = measure(contestants + references + bare + fills, rounds: rounds)

        var report = Report(benchmark: Self.name, machine: machine)
        report.tables = [
            judgeTable(contestants + references, series, bare: Array(series[(contestants.count + 2)...].prefix(bare.count)), job),
            fillTable(fills, Array(series.suffix(fills.count)), judges[judges.count - 1].1),
        ]
        report.notes = [
            "chosen at start, in \(Table.Cell.real(choosing / 1e6, decimals: 0).shown) ms of CPU time: \(choice).",
            "\(branches) branches, coinbase of \(job.plan.coinbasePrefix.count) + \(job.plan.extranonceSize) + "
                + "\(job.plan.coinbaseSuffix.count) bytes: \(blocks) compressions a share when nothing is folded.",
            "OpenSSL transform: that many SHA256_Transform calls and nothing else. OpenSSL: whole messages by SHA256_Update.",
            "time / bare: against that many compressions of the same bare kernel; below 1 by what the shares of a job have in common.",
        ]
        return report
    }

    /// A benchmark of wrong answers would be worth nothing.
    private func check(_ job: SampleJob) throws {
        let expected = job.shares.map { job.hashByOpenSSL($0) }
        for engine in HashEngine.available {
            var hashes = [Hash256](repeating: .zero, count: job.shares.count)
            var places = hashes.mutableSpan
            ShareJudge(engine: engine).judge(job.shares.span, of: job.plan, into: &places)
            guard hashes == expected else { throw HashEngineError.failedSelfTest(name: engine.name) }
        }
    }

    private func judgeContestant(_ name: String, _ judge: ShareJudge, _ job: SampleJob, count: Int) -> Contestant {
        let batch = Array(job.shares[..<count])
        var hashes = [Hash256](repeating: .zero, count: count)
        return Contestant(name, units: Double(count)) { repetitions in
            for _ in 0..<repetitions {
                var places = hashes.mutableSpan
                judge.judge(batch.span, of: job.plan, into: &places)
            }
        }
    }

    private func judgeTable(_ contestants: [Contestant], _ series: [Series], bare: [Series], _ job: SampleJob) -> Table {
        var table = Table(
            key: "engines",
            title: "One core, batches of \(job.shares.count), median of \(rounds) rounds (thread CPU time)",
            columns: [
                "engine": "engine", "shares": "M shares/s", "spread": "± %", "microseconds": "µs a share", "timesOpenSSL": "× OpenSSL transform",
                "timesScalar": "× scalar", "toBareKernel": "time / bare", "operations": "operations / bare",
            ]
        )
        let scalar = series[bare.count - 1]
        for (index, contestant) in contestants.enumerated() {
            let own = series[index]
            table.rows.append([
                .text(contestant.name), .millionths(of: own), .spread(of: own), .real(1e6 / own.rate, decimals: 3),
                .real(own.speedup(over: series[bare.count + 1]), decimals: 2), .real(own.speedup(over: scalar), decimals: 2),
                index < bare.count ? .real(bare[index].speedup(over: own), decimals: 3) : .none,
                index < bare.count ? operations(contestant.name, job) : .none,
            ])
        }
        return table
    }

    /// The least operations of a share, as part of those of compressions with nothing folded.
    private func operations(_ engine: String, _ job: SampleJob) -> Table.Cell {
        guard let full = OperationCount(engine: engine), let known = OperationCount(engine: engine, .knownBlock),
            let half = OperationCount(engine: engine, .halfKnownBlock)
        else { return .none }
        // Digests: the coinbase's, each level's, the header's. Halves: these and each level's first block. Known: each level's second block
        // and the coinbase's blocks behind the extranonce, which here straddles the first two.
        let levels = job.plan.branch.count
        let coinbase = job.compressions - 3 * levels - 4
        let least = (2 + 2) * full.total + (coinbase - 2 + levels) * known.total + (2 + 2 * levels) * half.total
        return .real(Double(least) / Double(job.compressions * full.total), decimals: 3)
    }

    private func fillTable(_ fills: [Contestant], _ series: [Series], _ judge: ShareJudge) -> Table {
        var table = Table(
            key: "fill",
            title: "As poold runs, by the shares that a batch holds",
            columns: ["shares": "shares", "microsecondsEach": "µs a share", "microsecondsBatch": "µs a batch", "calls": "calls"]
        )
        for (contestant, series) in zip(fills, series) {
            let count = Int(contestant.name) ?? 0
            let calls = judge.calls(for: count).map { "\($0.engine.name):\($0.shares)" }.joined(separator: " ")
            table.rows.append([
                .integer(count), .real(1e6 / series.rate, decimals: 3), .real(Double(count) * 1e6 / series.rate, decimals: 2), .text(calls),
            ])
        }
        return table
    }
}

/// As many bare compressions as a batch of shares would take with nothing folded and nothing gathered.
private final class BareJudge {
    private let kernel: BareKernel
    private let compressions: Int

    init(_ engine: HashEngine, compressions: Int) {
        kernel = BareKernel(engine: engine)
        self.compressions = compressions
    }

    func run(times: Int) { kernel.compress(times: times * compressions) }
}
