import CCounting

/// Thread CPU nanoseconds a share, of every go.
struct PathClock: PathMeter {
    private(set) var samples: [PathStep: [Double]] = [:]
    private var start = 0.0
    /// What looking at the clock takes.
    private let overhead: Double

    init() {
        overhead =
            (0..<101).map { _ in
                let before = ThreadClock.now
                return ThreadClock.now - before
            }.median
    }

    mutating func begin() { start = ThreadClock.now }

    mutating func end(_ step: PathStep) {
        let time = ThreadClock.now - start - overhead
        samples[step, default: []].append(max(0, time) / Double(PathRig.shares))
    }
}

/// Allocations, retains and releases, summed over all goes.
struct PathCounter: PathMeter {
    struct Counts {
        var goes = 0
        var allocations: UInt64 = 0
        var retains: UInt64 = 0
        var releases: UInt64 = 0
    }

    private(set) var counts: [PathStep: Counts] = Dictionary(uniqueKeysWithValues: PathStep.allCases.map { ($0, Counts()) })
    private var start = counting_now()

    mutating func begin() { start = counting_now() }

    mutating func end(_ step: PathStep) {
        let now = counting_now()
        counts[step]?.goes += 1
        counts[step]?.allocations += now.allocations - start.allocations
        counts[step]?.retains += now.retains - start.retains
        counts[step]?.releases += now.releases - start.releases
    }
}

/// Lets callgrind write what each step took.
struct PathTrace: PathMeter {
    func begin() { counting_callgrind_zero() }
    func end(_ step: PathStep) { counting_callgrind_dump(step.rawValue) }
}
