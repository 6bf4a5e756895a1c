/// What auxiliary chains cost a miner who wants none of them: two pools under the same load in turns, one with them and one without.
extension StratumBenchmark {
    func compare() throws -> Report {
        let counts = [0, auxiliaries]
        let chains = try counts.map { count in try blocking { try await BenchChains(auxiliaries: count) } }
        defer { for each in chains { _ = try? blocking { await each.stop() } } }
        let sides = try zip(counts, chains).map { pair in
            let pool = try PoolProcess(pair.1.arguments)
            let order = order(host: pool.host, port: pool.port)
            return try LoadSide("\(pair.0) chains", pid: pool.pid, keeping: pool, order)
        }
        try LoadSide.measure(sides, rounds: rounds, seconds: Double(seconds))
        var report = Report(benchmark: Self.name, machine: .current(), tables: [table(sides, counts)])
        report.notes = [
            "Two poold run with their default durability, loaded in turns of \(seconds) / \(rounds) s; a chain's nodes live in this process.",
            "/ without: the median over the rounds of what the pool with them came to, over what the other did in the same round.",
        ]
        for (count, side) in zip(counts, sides) { report.notes += notes(of: side.sum).map { "\(count) chains: \($0)" } }
        return report
    }

    private func table(_ sides: [LoadSide], _ counts: [Int]) -> Table {
        var table = Table(
            key: "auxiliaries",
            title: "Shares over TCP, \(load.connections) connections of \(load.inFlight) in flight",
            columns: [
                "chains": "auxiliary chains", "sharesPerSecond": "accepted/s", "rateRatio": "/ without", "poolCPU": "pool µs/share",
                "cpuRatio": "/ without", "p50": "p50 ms", "p99": "p99 ms", "latencyRatio": "p99 / without", "accepted": "accepted",
                "refused": "refused", "closed": "closed",
            ]
        )
        func ratio(_ own: [Double], _ other: [Double]) -> Table.Cell {
            own.isEmpty ? .none : .real(zip(own, other).map { $0 / max($1, .leastNormalMagnitude) }.median, decimals: 3)
        }
        func worst(_ side: LoadSide) -> [Double] { side.books.map { $0.latency.percentile(0.99) ?? 0 } }
        for (count, side) in zip(counts, sides) {
            let sum = side.sum
            table.rows.append([
                .integer(count), .integer(Int(side.rates.samples.median)), ratio(side.rates.samples, sides[0].rates.samples),
                .real(side.costs.samples.median, decimals: 2), ratio(side.costs.samples, sides[0].costs.samples),
                .milliseconds(sum.latency, 0.5), .milliseconds(sum.latency, 0.99), ratio(worst(side), worst(sides[0])),
                .integer(sum.accepted), .integer(sum.refusedCount), .integer(sum.closed),
            ])
        }
        return table
    }
}
