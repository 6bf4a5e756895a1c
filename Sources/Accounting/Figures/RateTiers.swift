/// A row of buckets of one length.
enum RateTier: Int, CaseIterable {
    case minutes
    case fiveMinutes
    case hours
    case sixHours

    /// Length of a bucket, seconds.
    var length: Int64 {
        switch self {
        case .minutes: 60
        case .fiveMinutes: 300
        case .hours: 3_600
        case .sixHours: 21_600
        }
    }

    /// Buckets kept: those of the longest window on them, and the one it began in.
    var count: Int {
        switch self {
        case .minutes: 16
        case .fiveMinutes: 13
        case .hours: 25
        case .sixHours: 29
        }
    }

    /// Where its buckets begin in the common array.
    var base: Int {
        switch self {
        case .minutes: 0
        case .fiveMinutes: 16
        case .hours: 29
        case .sixHours: 54
        }
    }
}

/// The weight of the last seven days in 83 buckets, from which all hashrates are read. Figures only: money is never counted from it.
struct RateTiers {
    private var weights = InlineArray<83, Double>(repeating: 0)
    /// The number of each tier's newest bucket since 1970.
    private var newest = InlineArray<4, Int64>(repeating: 0)

    /// A time as bucket numbers, so that a group works them out once.
    struct Moment {
        fileprivate var buckets = InlineArray<4, Int64>(repeating: 0)
        fileprivate var indices = InlineArray<4, Int>(repeating: 0)

        /// - Parameter time: milliseconds of Unix time.
        init(_ time: Int64) {
            for tier in RateTier.allCases {
                let bucket = time / 1000 / tier.length
                buckets[tier.rawValue] = bucket
                indices[tier.rawValue] = RateTiers.index(bucket, of: tier)
            }
        }
    }

    mutating func add(_ weight: Double, at moment: Moment) {
        add(weight, at: moment, to: .minutes)
        add(weight, at: moment, to: .fiveMinutes)
        add(weight, at: moment, to: .hours)
        add(weight, at: moment, to: .sixHours)
    }

    @inline(__always)
    mutating func add(_ weight: Double, at moment: Moment, to tier: RateTier) {
        let bucket = moment.buckets[tier.rawValue]
        if bucket > newest[tier.rawValue] { open(bucket, of: tier) }
        guard newest[tier.rawValue] - bucket < Int64(tier.count) else { return }
        weights[moment.indices[tier.rawValue]] += weight
    }

    /// Hashes per second over the window that ends at `now`. The bucket it begins in counts by the part that lies inside.
    /// - Parameters:
    ///   - now: milliseconds of Unix time, as all times here.
    ///   - first: when the first share ever came: no work was done before, and a window is not longer than the time since.
    func rate(_ window: HashrateWindow, at now: Int64, since first: Int64) -> Double {
        let tier = window.tier
        let length = tier.length * 1000
        let span = Int64(window.seconds) * 1000
        let oldest = (now - span) / length
        var sum = 0.0
        for bucket in (oldest + 1)...(now / length) { sum += weight(bucket, of: tier) }
        let end = (oldest + 1) * length
        let begin = max(oldest * length, min(first, end - 1))
        sum += weight(oldest, of: tier) * Double(end - max(begin, now - span)) / Double(end - begin)
        // The first seconds would show absurd rates for a single share.
        return sum * 1000 / Double(min(span, max(10_000, now - first)))
    }

    private func weight(_ bucket: Int64, of tier: RateTier) -> Double {
        let age = newest[tier.rawValue] - bucket
        return age >= 0 && age < Int64(tier.count) ? weights[Self.index(bucket, of: tier)] : 0
    }

    private mutating func open(_ bucket: Int64, of tier: RateTier) {
        let skipped = min(bucket - newest[tier.rawValue], Int64(tier.count))
        for back in 0..<skipped { weights[Self.index(bucket - back, of: tier)] = 0 }
        newest[tier.rawValue] = bucket
    }

    fileprivate static func index(_ bucket: Int64, of tier: RateTier) -> Int {
        tier.base + Int(bucket % Int64(tier.count))
    }
}
