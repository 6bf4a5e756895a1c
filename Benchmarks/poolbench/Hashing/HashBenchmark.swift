import Hashing

/// `poolbench hash`: every engine's bare kernel and its header scan, beside OpenSSL and the scalar engine.
struct HashBenchmark: Benchmark {
    static let name = "hash"
    static let summary = "compressions and header hashes a second, per engine and core"
    static let options: [BenchmarkOption] = []

    private let rounds: Int

    init(_ arguments: BenchmarkArguments) throws(BenchmarkUsageError) { rounds = try arguments.rounds() }

    func run() throws -> Report {
        let machine = Machine.current()
        let engines = HashEngine.available
        var openSSL = OpenSSLHashing()
        let bare = engines.map(bareContestant) + [Contestant("OpenSSL", units: 1) { openSSL.compress(times: $0) }]
        let scans = engines.map(scanContestant) + [Contestant("OpenSSL", units: 1) { openSSL.scan(nonces: $0) }]
        let series = measure(bare + scans, rounds: rounds)
        let (bareSeries, scanSeries) = (Array(series.prefix(bare.count)), Array(series.suffix(scans.count)))

        var table = Table(
            key: "engines",
            title: "One core, millions a second, median of \(rounds) rounds (thread CPU time)",
            columns: [
                "engine": "engine", "lanes": "lanes", "compressions": "compressions", "compressionSpread": "± %", "compressionCycles": "cycles each",
                "hashes": "header hashes", "hashSpread": "± %", "timesOpenSSL": "× OpenSSL", "timesScalar": "× scalar",
                "toBareKernel": "time / 2 bare",
            ]
        )
        let scalar = scanSeries[engines.count - 1]
        for (index, contestant) in bare.enumerated() {
            let (compression, hash) = (bareSeries[index], scanSeries[index])
            table.rows.append([
                .text(contestant.name), .integer(index < engines.count ? engines[index].lanes : 1),
                .millionths(of: compression), .spread(of: compression),
                .real(machine.clock * 1e9 / compression.rate, decimals: 0),
                .millionths(of: hash), .spread(of: hash),
                .real(hash.speedup(over: scanSeries[engines.count]), decimals: 2), .real(hash.speedup(over: scalar), decimals: 2),
                .real(compression.speedup(over: hash) / 2, decimals: 3),
            ])
        }
        var report = Report(benchmark: Self.name, machine: machine)
        report.tables = [table, operations(engines, bareSeries, machine)]
        report.notes = [
            "header hashes: 80-byte headers with consecutive nonces; a candidate's full hash included.",
            "time / 2 bare: a header hash against two compressions of the bare kernel; below 1 by what is known before and by the early exit.",
            "OpenSSL: SHA256_Transform on blocks that are laid out already, midstate kept.",
        ]
        return report
    }

    private func bareContestant(_ engine: HashEngine) -> Contestant {
        let kernel = SharedKernel(engine)
        return Contestant(engine.name, units: 64 * Double(engine.lanes)) { kernel.bare.compress(times: 64 * $0) }
    }

    private func scanContestant(_ engine: HashEngine) -> Contestant {
        // A target of difficulty 1 sends a candidate in four billion to its full hash, as mining does.
        let scanner = HeaderScanner(header: (0..<80).map { UInt8(3 * $0) }, target: .difficultyOne, engine: engine)
        var next: UInt64 = 0
        return Contestant(engine.name, units: 4096) { repetitions in
            let count = 4096 * UInt64(repetitions)
            if next + count > 1 << 32 { next = 0 }
            scanner.scan(next..<next + count) { _, _ in true }
            next += count
        }
    }

    /// What a compression takes at least, and how much of it a cycle does.
    private func operations(_ engines: [HashEngine], _ bare: [Series], _ machine: Machine) -> Table {
        var table = Table(
            key: "operations",
            title: "Least operations a compression needs (a call, all lanes)",
            columns: [
                "engine": "engine", "additions": "add", "rotations": "rotate", "logic": "logic", "shifts": "shift", "total": "total",
                "perLane": "a lane", "perCycle": "a cycle, measured",
            ]
        )
        for (engine, series) in zip(engines, bare) {
            guard let count = OperationCount(engine: engine.name) else { continue }
            let perLane = Double(count.total) / Double(engine.lanes)
            table.rows.append([
                .text(engine.name), .integer(count.additions), .integer(count.rotations), .integer(count.logic), .integer(count.shifts),
                .integer(count.total), .real(perLane, decimals: 0),
                .real(Double(count.total) * series.rate / Double(engine.lanes) / machine.clock / 1e9, decimals: 2),
            ])
        }
        return table
    }
}

/// Lets closures share what cannot be copied.
private final class SharedKernel {
    let bare: BareKernel

    init(_ engine: HashEngine) { bare = BareKernel(engine: engine) }
}
