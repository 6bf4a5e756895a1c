/// Groups on their way from the log to the store: what they add to each window.
struct FoldBatch {
    /// One minute's sums.
    struct Window {
        let start: Int64
        var credits: [ShareGroup.Credit] = []
        /// `place[handle]` − 1 is the index in `credits`; 0 when there is none.
        private var place: [UInt32] = []

        init(start: Int64) {
            self.start = start
        }

        mutating func add(_ credit: ShareGroup.Credit) {
            let handle = Int(credit.worker)
            if handle >= place.count {
                place.append(contentsOf: [UInt32](repeating: 0, count: max(1_024, handle + 1, place.count * 2) - place.count))
            }
            if place[handle] == 0 {
                credits.append(credit)
                place[handle] = UInt32(credits.count)
                return
            }
            let index = Int(place[handle]) - 1
            credits[index].count += credit.count
            credits[index].weight += credit.weight
            credits[index].best = max(credits[index].best, credit.best)
        }
    }

    struct RefusalKey: Hashable {
        var start: Int64
        var worker: UInt32
        var reason: UInt8
    }

    /// The last group in it; 0 while it is empty.
    private(set) var through: UInt64 = 0
    private(set) var time: Int64 = 0
    private(set) var windows: [Window] = []
    private(set) var refusals: [RefusalKey: UInt64] = [:]
    private(set) var shares: UInt64 = 0

    var isEmpty: Bool { through == 0 }

    mutating func add(_ group: ShareGroup) {
        through = group.sequence
        time = group.time
        if windows.last?.start != group.window, !group.credits.isEmpty { windows.append(Window(start: group.window)) }
        for credit in group.credits {
            windows[windows.count - 1].add(credit)
            shares += credit.count
        }
        for refusal in group.refusals {
            refusals[RefusalKey(start: group.window, worker: refusal.worker, reason: refusal.reason), default: 0] += refusal.count
            shares += refusal.count
        }
    }
}
