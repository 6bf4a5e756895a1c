import Stratum

extension PoolService {
    /// What the Stratum loops, the job maker and the ledger's writer tell of themselves. Counts are since the start.
    func partMetrics() async -> [Metric] {
        let counters = server.counters
        func count(_ name: String, _ help: String, _ value: UInt64) -> Metric { Metric(name, .counter, help, Double(value)) }
        var metrics = [
            Metric("motherlode_connections_working", .gauge, "Connections that were given work.", Double(counters.working)),
            count("motherlode_connections_opened_total", "Connections accepted since the start.", counters.opened),
            Metric(
                "motherlode_connections_closed_total",
                .counter,
                "Connections closed since the start, by reason.",
                DisconnectReason.allCases.map { Metric.Sample(Double(counters.disconnected[$0] ?? 0), [("reason", $0.label)]) }
            ),
            count("motherlode_bans_total", "Addresses banned since the start for what came from them.", counters.bans),
            count("motherlode_stratum_read_bytes_total", "Bytes read from miners.", counters.bytesRead),
            count("motherlode_stratum_written_bytes_total", "Bytes written to miners.", counters.bytesWritten),
            count("motherlode_judged_shares_total", "Shares hashed since the start.", counters.judged),
            count("motherlode_judged_lanes_total", "Lanes that their batches could have filled.", counters.lanes),
            Metric(
                "motherlode_lane_fill",
                .gauge,
                "Shares hashed since the start by the lanes that their batches could have filled, 1 at most.",
                Double(counters.judged) / Double(max(1, counters.lanes))
            ),
            count("motherlode_solutions_total", "Solutions of any chain since the start.", counters.solved),
            Metric("motherlode_loops_blocked", .gauge, "Loops that read nothing until the ledger answers.", Double(counters.blocked)),
            feed.commits.metric("motherlode_ledger_commit_seconds", "Time a group of shares takes until it is stored."),
            jobs.making.metric("motherlode_job_seconds", "Time from news to the last job given to the loops."),
        ]
        if let age = await jobs.templateAge {
            let seconds = Double(age.components.seconds) + Double(age.components.attoseconds) / 1e18
            metrics.append(Metric("motherlode_template_age_seconds", .gauge, "Time since the parent chain's template came.", seconds))
        }
        return metrics
    }
}
