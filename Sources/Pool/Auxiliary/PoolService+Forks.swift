import Bitcoin
import HTTP
import MergeMining

extension ForkWatch {
    /// The watch of a pool that mines RSK; nil for one that does not, or that knows no node of the parent chain.
    init?(_ configuration: PoolConfiguration, http: HTTPClient) {
        guard let rsk = configuration.auxiliaries.first(where: { $0.kind == .rsk }), !configuration.nodes.isEmpty else { return nil }
        let log = Log("fork")
        var endpoint = NodeEndpoint.nodes(of: rsk)[0]
        endpoint.version = .two
        self.init(
            parents: configuration.nodes.map { NodeClient(NodeEndpoint($0), http: http) },
            rsk: NodeClient(endpoint, http: http),
            onAlarm: { log.error("RSK: \($0.label): \($0.text); `poolctl aux forks` shows more") }
        )
    }
}

extension PoolService {
    func auxiliaryForks() async throws(AdminFailure) -> ForkView? {
        guard let forkWatch else { return nil }
        return ForkView(monitor: await forkWatch.monitor, lastError: await forkWatch.lastError)
    }

    func forkMetrics() async -> [Metric] {
        guard let monitor = await forkWatch?.monitor else { return [] }
        let raised = Dictionary(monitor.alarms.map { ($0.label, 1) }, uniquingKeysWith: +)
        return [
            Metric(
                "motherlode_rsk_fork_alarm",
                .gauge,
                "Alarms that stand: hashpower on a diverging, hidden or unpublished RSK branch.",
                ForkMonitor.Alarm.labels.map { Metric.Sample(Double(raised[$0] ?? 0), [("kind", $0)]) }
            ),
            Metric("motherlode_rsk_tagged_parent_blocks", .gauge, "Parent blocks in the window that carry an RSK tag.", Double(monitor.tagged)),
        ]
    }
}
