import Synchronization

/// How soon miners work on a new tip: from its header to an empty job, from a large template to a full one.
struct TipLatency {
    let rounds: Int

    func table() throws -> Table {
        let node = try NodeStandIn(transactionBytes: 4 << 20)
        let publisher = try TipPublisher()
        let bench = try PoolBench(node: node, notices: publisher.endpoint)
        let crew = try LoadCrew(LoadOrder(port: bench.pool.port, connections: 1, inFlight: 0, profiles: [.cgminer]))
        // A subscription takes a moment; its first notice would be lost.
        MonotonicClock.sleep(seconds: 1)
        var headers: [Double] = []
        var templates: [Double] = []
        for round in 0...rounds {
            _ = try crew.report()
            publisher.publish(node.advance(holdingTemplate: true))
            MonotonicClock.sleep(seconds: 0.3)
            let empty = try crew.report()
            node.releaseTemplate()
            MonotonicClock.sleep(seconds: 0.7)
            let full = try crew.report()
            let (headerAt, templateAt) = node.state.withLock { ($0.headerSentAt, $0.templateSentAt) }
            guard empty.cleanJobs == 1, headerAt > 0, full.plainJobs > 0, templateAt > 0 else {
                throw LoadFailure(description: "a new tip brought \(empty.cleanJobs) empty jobs and \(full.plainJobs) full ones")
            }
            guard round > 0 else { continue }
            headers.append(Double(empty.firstJobAt - min(empty.firstJobAt, headerAt)) / 1e6)
            templates.append(Double(full.firstPlainJobAt - min(full.firstPlainJobAt, templateAt)) / 1e6)
        }
        withExtendedLifetime((bench, publisher)) {}
        var table = Table(
            key: "tip",
            title: "A new tip to the first job, median of \(rounds) rounds",
            columns: ["what": "what", "milliseconds": "ms", "spread": "± %", "worst": "worst ms"]
        )
        for (name, samples) in [
            ("header sent by the node, to the empty job read", headers), ("last byte of a 4 MB template, to the full job read", templates),
        ] {
            table.rows.append([
                .text(name), .real(samples.median, decimals: 2), .spread(of: Series(samples: samples)),
                .real(samples.max() ?? 0, decimals: 2),
            ])
        }
        return table
    }
}
