import Testing

@testable import Pool

@Suite struct MetricsTextTests {
    @Test func writesTheStatus() {
        let lines = MetricsText.write(FakeSource.status, more: []).split(separator: "\n").map(String.init)
        for line in [
            "# TYPE motherlode_shares_accepted_total counter", "motherlode_shares_accepted_total 12345",
            "motherlode_shares_rejected_total{reason=\"stale\"} 2", "motherlode_hashrate_hashes_per_second{span=\"1m\"} 12300000",
            "motherlode_info{version=\"\(Motherlode.version)\",chain=\"regtest\",engine=\"avx512vl\"} 1", "motherlode_height 153",
            "motherlode_node_ready{node=\"http://127.0.0.1:18443\"} 1", "motherlode_node_ready{node=\"http://127.0.0.1:18543\"} 0",
            "motherlode_effort_ratio 0.73", "motherlode_ledger_durable 1",
        ] { #expect(lines.contains(line), "\(line)") }
    }

    @Test func tellsRefusedSharesFromAStoreThatIsBehind() {
        func lines(_ change: (inout PoolStatus) -> Void) -> Set<String> {
            var status = FakeSource.status
            change(&status)
            return Set(MetricsText.write(status, more: []).split(separator: "\n").map(String.init))
        }
        #expect(lines { _ in }.isSuperset(of: ["motherlode_ledger_failing 0", "motherlode_ledger_behind 0", "motherlode_blocks_total 12"]))
        #expect(lines { $0.ledger.failure = "no" }.isSuperset(of: ["motherlode_ledger_failing 1", "motherlode_ledger_behind 0"]))
        let behind = lines {
            $0.ledger.trouble = "the ledger cannot be read"
            $0.blocks = nil
        }
        #expect(behind.isSuperset(of: ["motherlode_ledger_failing 0", "motherlode_ledger_behind 1", "motherlode_connections 3"]))
        #expect(!behind.contains { $0.contains("motherlode_blocks_total") }, "what is not known is no figure")
    }

    /// Every line is a comment of its metric or a sample of it, as the format wants it.
    @Test func everyLineHasTheForm() {
        var current = ""
        for line in MetricsText.write(FakeSource.status, more: [Metric("x_total", .counter, "Help.", [])]).split(separator: "\n") {
            if let match = line.wholeMatch(of: /# (HELP|TYPE) ([a-z_]+) .+/) {
                current = String(match.2)
            } else {
                let match = line.wholeMatch(of: /([a-z_]+)(\{[a-z]+="[^"\n]*"(,[a-z]+="[^"\n]*")*\})? (-?[0-9.e+-]+|NaN|[+-]Inf)/)
                #expect(match.map { String($0.1) } == current, "\(line)")
            }
        }
        #expect(current != "x_total", "a metric without samples is left out")
    }

    @Test func labelsCannotForgeLines() {
        let metric = Metric("x", .gauge, "Line\nbreak.", [Metric.Sample(.infinity, [("agent", "a\"} 1\nevil 2\\")])])
        let text = MetricsText.write(PoolStatus(), more: [metric])
        #expect(text.hasSuffix("# HELP x Line\\nbreak.\n# TYPE x gauge\nx{agent=\"a\\\"} 1\\nevil 2\\\\\"} +Inf\n"))
    }

    @Test func tellsOfTheProcess() throws {
        let metrics = ProcessMetrics.read()
        let value = { (name: String) in metrics.first { $0.name == name }?.samples.first?.value }
        #expect(try #require(value("process_resident_memory_bytes")) > 1_000_000)
        #expect(try #require(value("process_open_fds")) >= 3)
        #expect(try #require(value("process_max_fds")) >= 256)
        #expect(try #require(value("process_cpu_seconds_total")) >= 0)
    }
}

@Suite struct LatencyHistogramTests {
    @Test func countsUpToEachBound() {
        let histogram = LatencyHistogram()
        for duration in [Duration.microseconds(100), .microseconds(101), .milliseconds(3), .seconds(11)] { histogram.add(duration) }
        var status = PoolStatus()
        status.nodes = []
        let lines = MetricsText.write(status, more: [histogram.metric("x_seconds", "Help.")]).split(separator: "\n").map(String.init)
        for line in [
            "# TYPE x_seconds histogram", "x_seconds_bucket{le=\"0.0001\"} 1", "x_seconds_bucket{le=\"0.00025\"} 2",
            "x_seconds_bucket{le=\"0.0025\"} 2", "x_seconds_bucket{le=\"0.005\"} 3", "x_seconds_bucket{le=\"10\"} 3",
            "x_seconds_bucket{le=\"+Inf\"} 4", "x_seconds_sum 11.003201", "x_seconds_count 4",
        ] { #expect(lines.contains(line), "\(line)") }
    }

    @Test func timesWhatFails() {
        struct Failure: Error {}
        let histogram = LatencyHistogram()
        #expect(throws: Failure.self) { try histogram.time { throw Failure() } }
        #expect(histogram.metric("x", "").samples.last?.value == 1)
    }
}
