internal import CHashing
internal import Glibc

/// What this machine's engines cost, measured in passing at start.
enum EngineTiming {
    /// A job of common shape, and one batch of shares for it.
    struct Sample {
        let plan: JudgePlan
        let shares: [ShareInput]
        var hashes = [Hash256](repeating: .zero, count: Int(HASHING_MAX_LANES))

        init(branch: Int) {
            var noise = Noise(state: 4)
            plan = JudgePlan(
                coinbasePrefix: noise.bytes(57),
                extranonceSize: 12,
                coinbaseSuffix: noise.bytes(150),
                branch: (0..<branch).map { _ in noise.hash() },
                previousHash: noise.hash(),
                bits: CompactBits(rawValue: 0x1703_4219)
            )
            shares = (0..<Int(HASHING_MAX_LANES)).map { _ in
                ShareInput(extranonce: noise.bytes(12), version: noise.word(), time: noise.word(), nonce: noise.word())
            }
        }

        /// Judges `count` shares in calls of one engine.
        mutating func judge(_ count: Int, by engine: HashEngine) {
            hashes.withUnsafeMutableBytes { output in
                shares.withUnsafeBytes { input in
                    plan.withPrepared { plan in
                        guard let input = input.baseAddress?.assumingMemoryBound(to: hashing_share.self), let output = output.baseAddress else {
                            return
                        }
                        for first in stride(from: 0, to: count, by: engine.lanes) {
                            engine.kernel.pointee.judge(plan, input + first, UInt32(min(engine.lanes, count - first)), output + 32 * first)
                        }
                    }
                }
            }
        }
    }

    /// Nanoseconds of one judge call, the least of many: what a call costs at any fill of its lanes.
    static let judgeCosts: [HashEngine: Double] = {
        var sample = Sample(branch: 12)
        var costs = [Double](repeating: .infinity, count: HashEngine.available.count)
        // In turns, so that a clock that is still rising lifts all alike; several calls at once, since to read the time takes a while too.
        for _ in 0..<16 {
            for (index, engine) in HashEngine.available.enumerated() {
                let calls = min(8, 32 / engine.lanes)
                let time = nanoseconds {
                    for _ in 0..<calls { sample.judge(engine.lanes, by: engine) }
                }
                costs[index] = min(costs[index], time / Double(calls))
            }
        }
        return Dictionary(uniqueKeysWithValues: zip(HashEngine.available, costs))
    }()

    /// Nanoseconds a share costs when batches alternate with the other work that a share brings (reading, parsing, replying): wide registers
    /// lower the clock of some cores, and what they save in hashing the rest of the loop then pays back.
    ///
    /// Runs about four milliseconds, long enough for such a core to settle.
    static func mixedCost(of engine: HashEngine) -> Double {
        var sample = Sample(branch: 12)
        let shares = Int(HASHING_MAX_LANES)
        var state = (0..<8).map { SHA256.initialState[$0] }
        let block = [UInt8](repeating: 0x5a, count: 64 * 8)
        var times: [Double] = []
        let end = threadTime() + 4e6
        repeat {
            times.append(
                nanoseconds {
                    sample.judge(shares, by: engine)
                    // Scalar work of about 2.5 µs a share.
                    for _ in 0..<shares { hashing_compress_reference(&state, block, 8) }
                }
            )
        } while threadTime() < end
        // The second half is the settled one; its median is deaf to interruptions.
        let settled = times[(times.count / 2)...].sorted()
        return settled[settled.count / 2] / Double(shares)
    }

    /// Nanoseconds a nonce costs in a scan.
    static func scanCost(of engine: HashEngine) -> Double {
        let scanner = HeaderScanner(header: [UInt8](repeating: 0x5a, count: 80), target: Target(value: .zero), engine: engine)
        let nonces = 128 * UInt64(engine.lanes)
        let best = (0..<4).map { _ in nanoseconds { scanner.scan(0..<nonces) { _, _ in true } } }.min()
        return (best ?? 0) / Double(nonces)
    }

    private static func nanoseconds(of work: () -> Void) -> Double {
        let start = threadTime()
        work()
        return threadTime() - start
    }

    /// Nanoseconds of CPU time: on a busy machine a start must not choose by when it was interrupted.
    private static func threadTime() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return Double(time.tv_sec) * 1e9 + Double(time.tv_nsec)
    }
}

extension HashEngine {
    /// What one judge call of this engine costs at any fill.
    var judgeCost: Double { EngineTiming.judgeCosts[self] ?? .infinity }
}
