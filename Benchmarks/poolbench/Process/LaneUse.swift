/// Shares that a pool has hashed since its start, and the lanes that their batches could have filled, by its own figures.
struct LaneUse {
    private var shares = 0
    private var lanes = 0

    init(from admin: LoadTarget) throws(LoadFailure) {
        let figures = try PoolFigures(from: admin)
        shares = figures["motherlode_judged_shares_total"]
        lanes = figures["motherlode_judged_lanes_total"]
    }

    init() {}

    /// 1 where every batch filled the engine's lanes; nil where nothing was hashed.
    var fill: Double? { lanes > 0 ? Double(shares) / Double(lanes) : nil }

    /// What came between two readings joins this.
    mutating func add(from before: LaneUse, to after: LaneUse) {
        shares += after.shares - before.shares
        lanes += after.lanes - before.lanes
    }
}
