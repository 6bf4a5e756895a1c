import Testing

@testable import Pool

@Suite("Auxiliary nodes that hang", .serialized)
struct HangingAuxiliaryTests {
    /// Design, invariant 4.
    @Test("a parent block reaches its node as fast as without any auxiliary chain", .timeLimit(.minutes(2)))
    func latency() async throws {
        let alone = try await LatencyBench(auxiliaries: false)
        let hanging = try await LatencyBench(auxiliaries: true)
        _ = try await alone.latencies(5)
        _ = try await hanging.latencies(5)
        try await hanging.hang()
        var without: [Duration] = []
        var with: [Duration] = []
        // In turns, so that what disturbs the machine disturbs both.
        for _ in 0..<5 {
            without += try await alone.latencies(20)
            with += try await hanging.latencies(20)
        }
        print("parent block, miner to node: \(Self.text(without)) alone, \(Self.text(with)) with five auxiliary nodes hanging")
        #expect(Self.median(with) < Self.median(without) * 2 + .milliseconds(5))
        #expect(try await hanging.pool.auxiliaries().reduce(0) { $0 + $1.found } > 0)
        await alone.stop()
        await hanging.stop()
    }

    private static func median(_ samples: [Duration]) -> Duration { samples.sorted()[samples.count / 2] }

    private static func text(_ samples: [Duration]) -> String {
        let sorted = samples.sorted()
        func milliseconds(_ part: Double) -> String {
            let hundredths = Int(sorted[Int(part * Double(sorted.count - 1))] / .microseconds(10))
            return "\(hundredths / 100).\(hundredths % 100 < 10 ? "0" : "")\(hundredths % 100)"
        }
        return "\(milliseconds(0.5)) ms (p90 \(milliseconds(0.9)) ms)"
    }
}
