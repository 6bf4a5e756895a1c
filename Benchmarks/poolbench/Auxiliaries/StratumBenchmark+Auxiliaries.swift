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
            title: "Shares over TCP, \(connections) connections of \(inFlight) in flight",
            columns: [
                .init(key: "chains", title: "auxiliary chains"), .init(key: "sharesPerSecond", title: "accepted/s"),
                .init(key: "rateRatio", title: "/ without"), .init(key: "poolCPU", title: "pool µs/share"),
                .init(key: "cpuRatio", title: "/ without"),
                .init(key: "p50", title: "p50 ms"), .init(key: "p99", title: "p99 ms"), .init(key: "latencyRatio", title: "p99 / without"),
                .init(key: "accepted", title: "accepted"), .init(key: "refused", title: "refused"), .init(key: "closed", title: "closed"),
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
                sum.latency.percentile(0.5).map { .real($0 / 1e6, decimals: 2) } ?? .none,
                sum.latency.percentile(0.99).map { .real($0 / 1e6, decimals: 2) } ?? .none, ratio(worst(side), worst(sides[0])),
                .integer(sum.accepted), .integer(sum.refusedCount), .integer(sum.closed),
            ])
        }
        return table
    }
}
