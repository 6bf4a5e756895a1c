/// One of several ways to do the same, measured in turns with the others.
struct Contestant {
    let name: String
    /// Units of work that one repetition does: hashes, shares.
    let units: Double
    /// Does so many repetitions.
    let work: (Int) -> Void

    init(_ name: String, units: Double, work: @escaping (Int) -> Void) {
        self.name = name
        self.units = units
        self.work = work
    }
}

/// Thread CPU time of each round, in nanoseconds a unit.
struct Series {
    let samples: [Double]

    /// Units a second at the median.
    var rate: Double { 1e9 / samples.median }
    /// Half the distance between the quartiles, as part of the median.
    var spread: Double {
        let sorted = samples.sorted()
        return (sorted[sorted.count * 3 / 4] - sorted[sorted.count / 4]) / 2 / sorted.median
    }

    /// How many times as fast as `other`: the median over the rounds, each of which saw the same machine.
    func speedup(over other: Series) -> Double { zip(samples, other.samples).map { $1 / $0 }.median }
}

/// Measures all contestants in every round, so that what disturbs the machine disturbs all alike.
func measure(_ contestants: [Contestant], rounds: Int) -> [Series] {
    // The warm-up also says how many repetitions make a sample of some eight milliseconds.
    let repetitions = contestants.map { contestant in
        var repetitions = 1
        while case let time = ThreadClock.nanoseconds({ contestant.work(repetitions) }), time < 8e6 {
            repetitions = max(repetitions + 1, min(16 * repetitions, Int(Double(repetitions) * 8.5e6 / max(time, 1))))
        }
        return repetitions
    }
    var samples = contestants.map { _ in [Double]() }
    for _ in 0..<rounds {
        for (index, contestant) in contestants.enumerated() {
            let time = ThreadClock.nanoseconds { contestant.work(repetitions[index]) }
            samples[index].append(time / Double(repetitions[index]) / contestant.units)
        }
    }
    return samples.map(Series.init)
}

extension [Double] {
    var median: Double {
        let sorted = sorted()
        return sorted.count.isMultiple(of: 2) ? (sorted[count / 2 - 1] + sorted[count / 2]) / 2 : sorted[count / 2]
    }
}
