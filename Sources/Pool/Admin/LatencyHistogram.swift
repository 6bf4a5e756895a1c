import Synchronization

/// How long something takes, counted in fixed steps. For what happens hundreds of times a second, not for each share.
final class LatencyHistogram: Sendable {
    /// Upper bounds in microseconds, from 0.1 ms to 10 s.
    static let bounds: [Int64] = [
        100, 250, 500, 1_000, 2_500, 5_000, 10_000, 25_000, 50_000, 100_000, 250_000, 500_000, 1_000_000, 2_500_000, 5_000_000, 10_000_000,
    ]

    private struct State {
        /// By step; the last is for what took longer than every bound.
        var counts = [UInt64](repeating: 0, count: bounds.count + 1)
        /// Microseconds.
        var sum: Int64 = 0
    }

    private let state = Mutex(State())

    func add(_ duration: Duration) {
        let (seconds, attoseconds) = duration.components
        let microseconds = seconds * 1_000_000 + attoseconds / 1_000_000_000_000
        let step = Self.bounds.firstIndex { microseconds <= $0 } ?? Self.bounds.count
        state.withLock { state in
            state.counts[step] += 1
            state.sum += microseconds
        }
    }

    /// Runs `body` and adds the time it took, whether it failed or not.
    func time<Result, Failure: Error>(_ body: () throws(Failure) -> Result) throws(Failure) -> Result {
        let start = ContinuousClock.now
        defer { add(start.duration(to: .now)) }
        return try body()
    }

    /// In Prometheus' form: counts up to each bound in seconds, their sum and number.
    func metric(_ name: String, _ help: String) -> Metric {
        let state = state.withLock { $0 }
        var total: UInt64 = 0
        var samples: [Metric.Sample] = []
        for (index, bound) in Self.bounds.enumerated() {
            total += state.counts[index]
            samples.append(Metric.Sample(Double(total), [("le", JSON5Text.number(Double(bound) / 1_000_000))], suffix: "_bucket"))
        }
        total += state.counts[Self.bounds.count]
        samples.append(Metric.Sample(Double(total), [("le", "+Inf")], suffix: "_bucket"))
        samples.append(Metric.Sample(Double(state.sum) / 1_000_000, suffix: "_sum"))
        samples.append(Metric.Sample(Double(total), suffix: "_count"))
        return Metric(name, .histogram, help, samples)
    }
}
