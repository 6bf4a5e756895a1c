internal import CHashing
internal import Glibc

/// The engines a process uses: those that measure best in passing (some twenty milliseconds), or the one that an override names.
public struct EngineChoice: Sendable {
    /// For shares: the cheapest together with the other work that a share brings.
    public let judge: HashEngine
    /// For headers: the fastest by itself.
    public let scan: HashEngine
    /// Whether an override named the engine.
    public let isNamed: Bool
    /// Engines whose self-test failed and that are therefore not used.
    public let failed: [HashEngine]
    /// Engines that may take what does not fill the judging engine's lanes.
    public let helpers: [HashEngine]

    /// - Parameter name: what `POOL_SHA256` holds; nil or empty leaves the choice to measurement.
    public init(override name: String?) throws(HashEngineError) {
        var failed: [HashEngine] = []
        var sound: [HashEngine] = []
        for engine in HashEngine.available {
            if engine.selfTest() { sound.append(engine) } else { failed.append(engine) }
        }
        self.failed = failed
        // The one-stream code is no engine of its own; where it fails, plain C takes its place.
        if !SHA256.passesSelfTest() { hashing_compress_plainly() }
        if let name, !name.isEmpty {
            let engine = try HashEngine.named(name)
            guard sound.contains(engine) else { throw .failedSelfTest(name: name) }
            (judge, scan, isNamed) = (engine, engine, true)
            // Whoever names an engine wants no other kind of instruction: only the plainer vector kernels help out.
            let dedicated = ["shani", "arm"]
            helpers = sound.filter { $0.lanes < engine.lanes && !dedicated.contains($0.name) }
            return
        }
        // The mix can turn a lead by a third around, not one by half.
        let costs = sound.map { (engine: $0, share: $0.judgeCost / Double($0.lanes)) }
        guard let least = costs.map(\.share).min() else { throw .failedSelfTest(name: HashEngine.scalar.name) }
        let candidates = costs.filter { $0.share < 1.5 * least }.map { (engine: $0.engine, cost: EngineTiming.mixedCost(of: $0.engine)) }
        // The narrower of two that are alike: its batches fill sooner.
        let best = candidates.map(\.cost).min() ?? 0
        let judge = candidates.last { $0.cost <= 1.01 * best }?.engine ?? sound[0]
        self.judge = judge
        scan = sound.map { ($0, EngineTiming.scanCost(of: $0)) }.min { $0.1 < $1.1 }?.0 ?? judge
        isNamed = false
        helpers = sound.filter { $0.lanes < judge.lanes }
    }

    /// A judge that uses this choice.
    public func makeJudge() -> ShareJudge { ShareJudge(engine: judge, helpers: helpers) }

    fileprivate static let ofProcess = Result { () throws(HashEngineError) in
        try EngineChoice(override: HashEngine.override)
    }
}

extension EngineChoice: CustomStringConvertible {
    /// One line for the log: `judge avx512vl (8 lanes), scan avx512 (16 lanes)`.
    public var description: String {
        var text = "judge \(judge.name) (\(judge.lanes) lanes), scan \(scan.name) (\(scan.lanes) lanes)"
        if isNamed { text += ", named by POOL_SHA256" }
        if !failed.isEmpty { text += "; self-test failed: \(failed.map(\.name).joined(separator: ", "))" }
        return text
    }
}

extension HashEngine {
    /// What `POOL_SHA256` holds.
    static let override = getenv("POOL_SHA256").map { String(cString: $0) }

    /// The engines of this process: picked, self-tested and timed at the first call, the same ever after.
    public static func chosen() throws(HashEngineError) -> EngineChoice { try EngineChoice.ofProcess.get() }
}
