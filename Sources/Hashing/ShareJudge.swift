internal import CHashing

/// Hashes many shares of one job at once.
///
/// Full lanes of the chosen engine first; for what is left over the cheapest row of calls, narrower engines included. Nothing is allocated.
public struct ShareJudge: Sendable {
    /// The engine that works on full batches.
    public let engine: HashEngine
    /// The engines for the rest of a batch; index 0 is ``engine``.
    private let engines: [HashEngine]
    /// For each number of shares left below the engine's lanes: the index of the engine that takes the next of them.
    private let next: [Int]

    /// - Parameter helpers: engines that may take what does not fill the lanes.
    public init(engine: HashEngine, helpers: [HashEngine] = []) {
        self.engine = engine
        let engines = [engine] + helpers.filter { $0.lanes < engine.lanes }
        let costs = engines.map { $0.judgeCost }
        // The cheapest row of calls for n shares is one call and the cheapest row for what it leaves. A call costs the same at any fill.
        var next = [0]
        var cheapest = [0.0]
        for count in stride(from: 1, to: engine.lanes, by: 1) {
            let totals = engines.indices.map { costs[$0] + cheapest[Swift.max(0, count - engines[$0].lanes)] }
            let best = engines.indices.min { totals[$0] < totals[$1] } ?? 0
            next.append(best)
            cheapest.append(totals[best])
        }
        self.engines = engines
        self.next = next
    }

    /// Writes each share's header hash to the same index of `hashes`, which is at least as long.
    public func judge(_ shares: Span<ShareInput>, of plan: JudgePlan, into hashes: inout MutableSpan<Hash256>) {
        precondition(hashes.count >= shares.count, "a place for every hash")
        guard !shares.isEmpty else { return }
        shares.withUnsafeBytes { shares in
            hashes.withUnsafeMutableBytes { hashes in
                plan.withPrepared { plan in run(plan, shares, hashes) }
            }
        }
    }

    private func run(_ plan: UnsafePointer<hashing_plan>, _ shares: UnsafeRawBufferPointer, _ hashes: UnsafeMutableRawBufferPointer) {
        guard let input = shares.baseAddress?.assumingMemoryBound(to: hashing_share.self), let output = hashes.baseAddress else { return }
        let count = shares.count / MemoryLayout<hashing_share>.stride
        var done = 0
        while done < count {
            let left = count - done
            let engine = left >= engine.lanes ? engine : engines[next[left]]
            let taken = Swift.min(left, engine.lanes)
            engine.kernel.pointee.judge(plan, input + done, UInt32(taken), output + 32 * done)
            done += taken
        }
    }

    /// The calls that `count` shares take, by engine: for figures.
    public func calls(for count: Int) -> [(engine: HashEngine, shares: Int)] {
        var calls: [(HashEngine, Int)] = []
        var left = count
        while left > 0 {
            let engine = left >= engine.lanes ? engine : engines[next[left]]
            calls.append((engine, Swift.min(left, engine.lanes)))
            left -= engine.lanes
        }
        return calls
    }
}
