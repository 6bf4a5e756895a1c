/// What auxiliary chains cost a miner who wants none of them: two pools under the same load in turns, one with them and one without.
extension StratumBenchmark {
    func compare() throws -> Report {
        let counts = [0, auxiliaries]
        let chains = try counts.map { count in try blocking { try await BenchChains(auxiliaries: count) } }
        defer { for each in chains { _ = try? blocking { await each.stop() } } }
        let pools = try chains.map { try PoolProcess($0.arguments) }
        var windows: [[LoadWindow]] = [[], []]
        // Who is first changes every round: what disturbs the machine disturbs both alike.
        for round in 0..<rounds {
            for turn in 0...1 {
                let index = (round + turn) % 2
                let pool = pools[index]
                var client = LoadClient(host: pool.host, port: pool.port, connections: connections, inFlight: inFlight, user: user)
                windows[index] += try client.run(windows: 1, each: Double(seconds) / Double(rounds)) { ProcessUse.cpu(of: pool.pid) }
            }
        }
        var report = Report(benchmark: Self.name, machine: .current(), tables: [table(windows, counts)])
        report.notes = [
            "Two poold run with their default durability, loaded in turns of \(seconds) / \(rounds) s; a chain's nodes live in this process.",
            "/ without: the median over the rounds of what the pool with them came to, over what the other did in the same round.",
        ]
        for (index, count) in counts.enumerated() {
            let refused = windows[index].reduce(into: [String: Int]()) { $0.merge($1.refused, uniquingKeysWith: +) }
            for (reason, number) in refused.sorted(by: { $0.value > $1.value }) {
                report.notes.append("\(count) chains: refused: \(reason) \(number)")
            }
        }
        return report
    }

    private func table(_ windows: [[LoadWindow]], _ counts: [Int]) -> Table {
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
        func ratio(_ index: Int, _ figure: (LoadWindow) -> Double?) -> Table.Cell {
            let pairs = zip(windows[index], windows[0]).compactMap { own, other in
                figure(own).flatMap { own in figure(other).map { own / max($0, .leastNormalMagnitude) } }
            }
            return pairs.isEmpty ? .none : .real(pairs.median, decimals: 3)
        }
        for (index, count) in counts.enumerated() {
            let own = windows[index]
            let latency = own.reduce(into: LatencyHistogram()) { $0.merge($1.latency) }
            let cpu = own.compactMap(\.poolMicrosecondsPerShare)
            table.rows.append([
                .integer(count), .integer(Int(own.map(\.sharesPerSecond).median)), ratio(index) { $0.sharesPerSecond },
                cpu.isEmpty ? .none : .real(cpu.median, decimals: 2), ratio(index) { $0.poolMicrosecondsPerShare },
                latency.percentile(0.5).map { .real($0 / 1e6, decimals: 2) } ?? .none,
                latency.percentile(0.99).map { .real($0 / 1e6, decimals: 2) } ?? .none, ratio(index) { $0.latency.percentile(0.99) },
                .integer(own.reduce(0) { $0 + $1.accepted }), .integer(own.reduce(0) { $0 + $1.refused.values.reduce(0, +) }),
                .integer(own.reduce(0) { $0 + $1.closed }),
            ])
        }
        return table
    }
}
