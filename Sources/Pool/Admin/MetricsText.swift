/// `/metrics`: Prometheus' text format, version 0.0.4.
enum MetricsText {
    static func write(_ status: PoolStatus, more: [Metric]) -> String {
        var text = ""
        for metric in metrics(of: status) + ProcessMetrics.read() + more { write(metric, to: &text) }
        return text
    }

    private static func metrics(of status: PoolStatus) -> [Metric] {
        var metrics = [
            Metric(
                "motherlode_info",
                .gauge,
                "The version, chain and hashing engine, as labels.",
                [
                    Metric.Sample(1, [("version", status.version), ("chain", status.chain), ("engine", status.engine)])
                ]
            ),
            Metric("motherlode_uptime_seconds", .gauge, "Time since the start.", Double(status.uptime)),
            Metric("motherlode_connections", .gauge, "Connected miners.", Double(status.connections)),
            Metric("motherlode_workers", .gauge, "Workers with a share in the last ten minutes.", Double(status.workers)),
            Metric(
                "motherlode_hashrate_hashes_per_second",
                .gauge,
                "Hashrate by accepted shares, over a span.",
                status.hashrate.map {
                    Metric.Sample($0.hashesPerSecond, [("span", $0.span)])
                }
            ),
            Metric("motherlode_shares_accepted_total", .counter, "Shares accepted since the ledger began.", Double(status.accepted)),
            Metric(
                "motherlode_shares_rejected_total",
                .counter,
                "Shares rejected since the ledger began, by reason.",
                status.rejected
                    .sorted { $0.key < $1.key }.map { Metric.Sample(Double($0.value), [("reason", $0.key)]) }
            ),
            Metric("motherlode_ledger_pending_shares", .gauge, "Shares that wait for their commit.", Double(status.ledger.pending)),
            Metric(
                "motherlode_ledger_durable",
                .gauge,
                "1 where shares are synced before they are acknowledged.",
                status.ledger.durability == "full" ? 1 : 0
            ),
            Metric("motherlode_ledger_failing", .gauge, "1 while shares are refused.", status.ledger.failure == nil ? 0 : 1),
            Metric(
                "motherlode_ledger_behind",
                .gauge,
                "1 while shares are stored but windows or rounds wait, or the store cannot be read.",
                status.ledger.trouble == nil ? 0 : 1
            ),
            Metric(
                "motherlode_node_ready",
                .gauge,
                "1 for a node that gives work.",
                status.nodes.map {
                    Metric.Sample($0.state == "ready" ? 1 : 0, [("node", $0.url)])
                }
            ),
            Metric(
                "motherlode_node_active",
                .gauge,
                "1 for the node whose template is mined on.",
                status.nodes.map {
                    Metric.Sample($0.active ? 1 : 0, [("node", $0.url)])
                }
            ),
            Metric(
                "motherlode_node_height",
                .gauge,
                "Height of the node's tip.",
                status.nodes.compactMap { node in
                    node.height.map { Metric.Sample(Double($0), [("node", node.url)]) }
                }
            ),
        ]
        // What the ledger or a node did not tell has no sample: 0 would be a figure.
        if let blocks = status.blocks {
            metrics.append(Metric("motherlode_blocks_total", .counter, "Blocks of the parent chain since the ledger began.", Double(blocks)))
        }
        let optional: [(String, String, Double?)] = [
            ("motherlode_height", "Height of the parent chain's tip.", status.height.map { Double($0) }),
            ("motherlode_network_difficulty", "The parent chain's difficulty.", status.networkDifficulty),
            ("motherlode_expected_block_seconds", "Time a block takes at the present hashrate.", status.expectedSeconds),
            ("motherlode_effort_ratio", "Work since the last block, in expected blocks.", status.effort),
            ("motherlode_luck_ratio", "Expected over spent work of the last blocks.", status.luck),
        ]
        for (name, help, value) in optional {
            if let value { metrics.append(Metric(name, .gauge, help, value)) }
        }
        return metrics
    }

    private static func write(_ metric: Metric, to text: inout String) {
        guard !metric.samples.isEmpty else { return }
        text += "# HELP \(metric.name) \(escaped(metric.help, quotes: false))\n# TYPE \(metric.name) \(metric.kind.rawValue)\n"
        for sample in metric.samples {
            let labels = sample.labels.map { "\($0.name)=\"\(escaped($0.value, quotes: true))\"" }.joined(separator: ",")
            text += "\(metric.name)\(sample.suffix)\(labels.isEmpty ? "" : "{\(labels)}") \(number(sample.value))\n"
        }
    }

    private static func number(_ value: Double) -> String {
        if value.isNaN { return "NaN" }
        if value.isInfinite { return value < 0 ? "-Inf" : "+Inf" }
        return JSON5Text.number(value)
    }

    /// A label may hold what a miner or a node said: a line break there must not become one here.
    private static func escaped(_ text: String, quotes: Bool) -> String {
        var escaped = ""
        for character in text.unicodeScalars {
            switch character {
            case "\\": escaped += "\\\\"
            case "\n": escaped += "\\n"
            case "\"" where quotes: escaped += "\\\""
            default: escaped.unicodeScalars.append(character)
            }
        }
        return escaped
    }
}
