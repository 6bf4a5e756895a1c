import Glibc

/// Chooses a difficulty from the shares that come, so that a miner sends about as many a minute as wished.
///
/// The estimate is a moving average of work over time, with its start-up bias divided out, so that the first shares of a connection already
/// count in full. Work is counted at each share's own difficulty; the estimate therefore survives every change of difficulty. Times are
/// monotonic milliseconds; one that runs backwards or leaps is ignored.
struct VariableDifficulty: Sendable, BitwiseCopyable {
    /// When a new difficulty should reach the miner.
    enum Change: Sendable, Equatable {
        case none
        /// With the next job.
        case next
        /// At once: the current job is sent again.
        case now
    }

    /// What the miner should work at, before rounding and bounds of the job.
    private(set) var difficulty: Double

    /// The wished time between two shares, milliseconds.
    private var interval: Double

    // The moving average: difficulty per millisecond, and how much of it is filled (0…1).
    private var rate = 0.0
    private var filled = 0.0
    /// Shares behind the average, fading like it.
    private var evidence = 0.0
    private var foldedAt: Int64
    private var workSinceFold = 0.0
    private var sharesSinceFold: Int32 = 0

    // The last few shares alone, for the quick start.
    private var quickShares: Int32 = 0
    private var quickWork = 0.0
    private var quickSince: Int64

    // Silence: time divided by difficulty since the last share, and from when it is counted next.
    private var exposure = 0.0
    private var quietSince: Int64

    /// Shares over which the average fades to 1/e: a spread of 13 %.
    private static let memory = 60.0
    /// The average is looked at after this many shares …
    private static let sharesPerLook: Int32 = 16
    /// … or, with fewer, this long after the last time.
    private static let timePerLook: Int64 = 60_000
    /// No change while the wished difficulty lies within these multiples of the present one: three spreads.
    private static let deadBand = 0.65...1.55
    /// One ordinary step at most.
    private static let stepCap = 4.0
    /// A miner this many times too fast is told at once …
    private static let quickRatio = 8.0
    private static let quickCount: Int32 = 8
    /// … and by this much at most.
    private static let quickCap = 64.0
    /// Silence is judged after this many wished intervals: by chance it happens once in 3,000 times.
    private static let quietIntervals = 8.0
    /// With 95 % certainty a miner silent for an expected n shares is slower than 3/n of the wished rate.
    private static let quietBound = 3.0
    private static let quietStepCap = 8.0
    /// A gap that no working loop leaves: what was measured before it is forgotten.
    private static let leap: Int64 = 3_600_000

    init(start: Double, sharesPerMinute: Double, at now: Int64) {
        difficulty = start
        interval = Self.interval(sharesPerMinute)
        foldedAt = now
        quickSince = now
        quietSince = now
    }

    private static func interval(_ sharesPerMinute: Double) -> Double {
        60_000 / (sharesPerMinute.isFinite && sharesPerMinute > 0 ? sharesPerMinute : 12)
    }

    /// Aims at another rate from now on; what was measured stays.
    mutating func aim(at sharesPerMinute: Double, at now: Int64) {
        guard Self.interval(sharesPerMinute) != interval else { return }
        fold(at: now)
        interval = Self.interval(sharesPerMinute)
        restartQuick(at: now)
        quietSince = now
        exposure = 0
    }

    /// The miner gets its first job: time before it tells nothing.
    mutating func begin(at now: Int64) {
        foldedAt = now
        quietSince = now
        restartQuick(at: now)
    }

    /// Takes a difficulty from outside (a wish, a bound); what was measured stays.
    mutating func set(_ value: Double, at now: Int64) {
        guard value.isFinite, value > 0 else { return }
        difficulty = value
        restartQuick(at: now)
        quietSince = now
    }

    /// An accepted share of the given difficulty.
    mutating func record(shareOf work: Double, at now: Int64) -> Change {
        guard work.isFinite, work > 0 else { return .none }
        guard settleClock(at: now) else { return .none }
        exposure = 0
        quietSince = now
        workSinceFold += work
        sharesSinceFold += 1
        quickShares += 1
        quickWork += work
        if quickShares >= Self.quickCount, quickStart(at: now) { return .now }
        guard sharesSinceFold >= Self.sharesPerLook || now - foldedAt >= Self.timePerLook else { return .none }
        return look(at: now)
    }

    /// No share for a while: called now and then while the miner has a job. Time before `unheardUntil` (when the loop read no sockets) is not
    /// held against the miner.
    mutating func silence(at now: Int64, unheardUntil: Int64 = .min) -> Change {
        guard settleClock(at: now) else { return .none }
        let since = max(quietSince, unheardUntil)
        let quiet = Double(now - since)
        guard quiet >= Self.quietIntervals * interval else { return .none }
        exposure += quiet / difficulty
        quietSince = now
        fold(at: now)
        let bound = Self.quietBound * interval / exposure
        guard bound.isFinite, bound < difficulty else { return .none }
        difficulty = max(bound, difficulty / Self.quietStepCap)
        restartQuick(at: now)
        return .now
    }

    // MARK: Estimating

    /// The wished difficulty by the average, nil before there is one.
    var estimate: Double? {
        guard filled > 0 else { return nil }
        let wished = rate / filled * interval
        return wished.isFinite && wished > 0 ? wished : nil
    }

    private mutating func fold(at now: Int64) {
        let elapsed = Double(max(1, now - foldedAt))
        let fresh = 1 - exp(-elapsed / (Self.memory * interval))
        rate += fresh * (workSinceFold / elapsed - rate)
        filled += fresh * (1 - filled)
        evidence = evidence * (1 - fresh) + Double(sharesSinceFold)
        workSinceFold = 0
        sharesSinceFold = 0
        foldedAt = now
    }

    private mutating func look(at now: Int64) -> Change {
        fold(at: now)
        guard evidence >= Double(Self.quickCount), let estimate else { return .none }
        let ratio = estimate / difficulty
        guard ratio.isFinite, !Self.deadBand.contains(ratio) else { return .none }
        difficulty *= min(max(ratio, 1 / Self.stepCap), Self.stepCap)
        restartQuick(at: now)
        return .next
    }

    /// Whether the last few shares came so fast that the miner must be told before the next job.
    private mutating func quickStart(at now: Int64) -> Bool {
        let elapsed = Double(max(1, now - quickSince))
        let ratio = quickWork / difficulty * interval / elapsed
        restartQuick(at: now)
        guard ratio >= Self.quickRatio else { return false }
        fold(at: now)
        // A burst after a stalled line looks quick too, but the average knows better.
        guard let estimate, estimate / difficulty >= Self.quickRatio / 2 else { return false }
        difficulty *= min(ratio, Self.quickCap)
        return true
    }

    private mutating func restartQuick(at now: Int64) {
        quickShares = 0
        quickWork = 0
        quickSince = now
    }

    /// False when the clock went back or leapt: then everything starts anew from here.
    private mutating func settleClock(at now: Int64) -> Bool {
        guard now < foldedAt || now < quietSince || now - foldedAt > Self.leap else { return true }
        rate = 0
        filled = 0
        evidence = 0
        workSinceFold = 0
        sharesSinceFold = 0
        exposure = 0
        foldedAt = now
        quietSince = now
        restartQuick(at: now)
        return false
    }
}

extension VariableDifficulty {
    /// What was measured goes to the next process; the wished interval is its own. Times are of the machine's clock, which both share.
    mutating func pass(through stream: inout HandoverStream) throws(HandoverStream.Failure) {
        try stream.pass(&difficulty)
        try stream.pass(&rate)
        try stream.pass(&filled)
        try stream.pass(&evidence)
        try stream.pass(&foldedAt)
        try stream.pass(&workSinceFold)
        try stream.pass(&sharesSinceFold)
        try stream.pass(&quickShares)
        try stream.pass(&quickWork)
        try stream.pass(&quickSince)
        try stream.pass(&exposure)
        try stream.pass(&quietSince)
    }
}
