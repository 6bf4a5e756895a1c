import Bitcoin
public import Hashing
import Synchronization

extension CPUMiner {
    /// How many hashes a second `count` threads do together, measured on an otherwise idle machine for about `duration`.
    public static func measureHashrate(threads count: Int, for duration: Duration = .milliseconds(500), engine: HashEngine) async -> Double {
        let total = Tally()
        let threads = ThreadGroup()
        for number in 0..<count {
            threads.start(named: "measure-\(number)") { total.add(hashesPerSecond(for: duration, engine: engine)) }
        }
        await threads.wait()
        return total.sum
    }

    private static func hashesPerSecond(for duration: Duration, engine: HashEngine) -> Double {
        // No hash meets a target of zero in this universe's time, so the scan never stops early.
        let scanner = HeaderScanner(header: [UInt8](repeating: 0, count: BlockHeader.byteCount), target: Target(value: .zero), engine: engine)
        var hashes: UInt64 = 0
        let start = ContinuousClock.now
        var elapsed = Duration.zero
        while elapsed < duration, hashes < 1 << 32 {
            let batch = min(1 << 16, (1 << 32) - hashes)
            hashes += scanner.scan(hashes..<(hashes + batch)) { _, _ in true }
            elapsed = .now - start
        }
        return Double(hashes) / max(elapsed / .seconds(1), 1e-9)
    }

    /// A sum of several threads' figures.
    private final class Tally: Sendable {
        private let value = Mutex(0.0)
        var sum: Double { value.withLock { $0 } }
        func add(_ figure: Double) { value.withLock { $0 += figure } }
    }
}
