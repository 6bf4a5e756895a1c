/// All figures as of the last stored group, in memory: a reader touches neither the log nor the store.
struct LiveTable {
    /// The running figures of a worker or of the pool: about 0.9 KB.
    struct Running {
        var accepted: UInt64 = 0
        var weight: UInt128 = 0
        var rejected = RejectCounts()
        var first: Int64?
        var last: Int64?
        var best = 0.0
        var bestTime: Int64?
        var rates = RateTiers()

        mutating func add(_ credit: ShareGroup.Credit, at time: Int64, _ moment: RateTiers.Moment) {
            accepted += credit.count
            weight += credit.weight
            if first == nil { first = time }
            last = max(last ?? 0, time)
            rates.add(credit.weight.rounded, at: moment)
            if credit.best > best {
                best = credit.best
                bestTime = time
            }
        }

        func figures(at now: Int64) -> ShareFigures {
            ShareFigures(
                accepted: accepted,
                weight: weight,
                rejected: rejected,
                firstShare: first,
                lastShare: last,
                best: best,
                bestTime: bestTime,
                hashrate: Hashrates { rates.rate($0, at: now, since: first ?? now) }
            )
        }
    }

    /// Workers by handle, in blocks that stay where they are: one array of all would be copied as it grows.
    private var blocks: [[Running]] = []
    private static let blockSize = 512
    private(set) var pool = Running()
    /// The time of the last group.
    private(set) var time: Int64 = 0

    subscript(handle: UInt32) -> Running {
        get {
            let index = Int(handle)
            return index < blocks.count * Self.blockSize ? blocks[index / Self.blockSize][index % Self.blockSize] : Running()
        }
        _modify {
            let index = Int(handle)
            while index >= blocks.count * Self.blockSize { blocks.append(Array(repeating: Running(), count: Self.blockSize)) }
            yield &blocks[index / Self.blockSize][index % Self.blockSize]
        }
    }

    mutating func apply(_ group: ShareGroup) {
        let moment = RateTiers.Moment(group.time)
        var sum = ShareGroup.Credit(worker: 0, count: 0, weight: 0, best: 0)
        for credit in group.credits {
            self[credit.worker].add(credit, at: group.time, moment)
            sum.count += credit.count
            sum.weight += credit.weight
            sum.best = max(sum.best, credit.best)
        }
        if sum.count > 0 { pool.add(sum, at: group.time, moment) }
        for refusal in group.refusals { refuse(refusal) }
        time = group.time
    }

    /// Counts what another pool accepted.
    mutating func add(_ credit: ShareGroup.Credit, at time: Int64) {
        let moment = RateTiers.Moment(time)
        self[credit.worker].add(credit, at: time, moment)
        pool.add(credit, at: time, moment)
    }

    mutating func refuse(_ refusal: ShareGroup.Refusal) {
        self[refusal.worker].rejected[refusal.reason] += refusal.count
        pool.rejected[refusal.reason] += refusal.count
    }

    /// Clears best shares that are no record of their worker: the log need not carry them.
    func keepRecords(of group: inout ShareGroup) {
        for index in group.credits.indices {
            let handle = Int(group.credits[index].worker)
            guard handle < blocks.count * Self.blockSize else { continue }
            if group.credits[index].best <= blocks[handle / Self.blockSize][handle % Self.blockSize].best { group.credits[index].best = 0 }
        }
    }

    mutating func loadPool(_ change: (inout Running) -> Void) { change(&pool) }
}
