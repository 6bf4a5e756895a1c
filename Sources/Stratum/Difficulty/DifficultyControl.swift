/// What difficulty a connection should work at, from the listener's settings, the miner's wishes and its shares.
struct DifficultyControl: Sendable, BitwiseCopyable {
    typealias Change = VariableDifficulty.Change

    private var settings: DifficultySettings
    private var variable: VariableDifficulty
    /// The highest minimum that the miner asked for; 0 for none.
    private var floor = 0.0
    /// The last suggestion, so that a repeated one (NerdMiner's keep-alive) changes nothing.
    private var suggested = 0.0
    /// An operator's word, or 0.
    private var pinned = 0.0

    init(settings: DifficultySettings, at now: Int64) {
        self.settings = settings
        variable = VariableDifficulty(start: settings.start, sharesPerMinute: settings.sharesPerMinute, at: now)
        bound(at: now)
    }

    /// What the next job goes out with, unless that job's own bound is easier.
    var current: ShareDifficulty {
        if let fixed = settings.fixed.flatMap(ShareDifficulty.init) { return fixed }
        if let pinned = ShareDifficulty(pinned) { return pinned }
        // A minimum that the miner asked for is kept to the last digit where the operator's maximum allows it.
        let ceiling = settings.maximum ?? .infinity
        return variable.difficulty <= floor && floor <= ceiling ? ShareDifficulty(atLeast: floor) : ShareDifficulty(atMost: variable.difficulty)
    }

    /// The highest minimum that the miner asked for and was granted; 0 for none. Marketplaces leave a pool that goes below it.
    var promised: Double { floor <= settings.maximum ?? .infinity ? floor : 0 }

    /// Whether auxiliary chains may bring it an easier difficulty than it wishes: not where the operator fixed one for every connection.
    var followsAuxiliaries: Bool { settings.fixed == nil }

    private var isVariable: Bool { settings.fixed == nil && pinned == 0 }

    // MARK: Wishes

    /// `mining.suggest_difficulty`, `mining.suggest_target` or `d=` in a password: where to go on from.
    mutating func suggest(_ wish: Double, at now: Int64) -> Change {
        guard isVariable, wish.isFinite, wish > 0, wish != suggested else { return .none }
        suggested = wish
        return change(at: now) { $0.variable.set(wish, at: now) }
    }

    /// `minimum-difficulty` (BIP310) or `md=` in a password. False when it cannot be promised.
    mutating func require(minimum wish: Double, at now: Int64) -> (granted: Bool, change: Change) {
        guard isVariable, wish.isFinite, wish >= 0, wish <= settings.maximum ?? .infinity else { return (false, .none) }
        return (true, change(at: now) { $0.floor = wish })
    }

    /// An operator's word; nil lets the difficulty vary again.
    mutating func pin(_ difficulty: Double?, at now: Int64) -> Change {
        change(at: now) { control in
            if let difficulty, difficulty.isFinite, difficulty > 0 {
                control.pinned = difficulty
            } else if control.pinned > 0 {
                control.variable.set(control.pinned, at: now)
                control.suggested = 0
                control.pinned = 0
            }
        }
    }

    /// The listener's settings are others from now on.
    mutating func adopt(_ settings: DifficultySettings, at now: Int64) -> Change {
        change(at: now) { control in
            control.variable.aim(at: settings.sharesPerMinute, at: now)
            control.settings = settings
        }
    }

    /// Goes on from what the miner had before it came back; the new connection's own settings and wishes hold.
    mutating func resume(_ earlier: DifficultyControl, at now: Int64) {
        guard isVariable else { return }
        variable.set(earlier.variable.difficulty, at: now)
        if suggested > 0 { variable.set(suggested, at: now) }
        bound(at: now)
    }

    // MARK: Shares

    /// The first job goes out.
    mutating func begin(at now: Int64) { variable.begin(at: now) }

    mutating func record(shareOf work: Double, at now: Int64) -> Change {
        guard isVariable else { return .none }
        return settle(variable.record(shareOf: work, at: now), at: now)
    }

    mutating func silence(at now: Int64, unheardUntil: Int64) -> Change {
        guard isVariable else { return .none }
        let before = current
        let change = settle(variable.silence(at: now, unheardUntil: unheardUntil), at: now)
        // At the minimum there is nothing left to tell.
        return current == before ? .none : change
    }

    private mutating func settle(_ change: Change, at now: Int64) -> Change {
        if change != .none { bound(at: now) }
        return change
    }

    private mutating func change(at now: Int64, _ body: (inout Self) -> Void) -> Change {
        let before = current
        body(&self)
        bound(at: now)
        return current == before ? .none : .now
    }

    /// Keeps the variable difficulty between the highest minimum and the maximum; the maximum wins.
    private mutating func bound(at now: Int64) {
        let bounded = min(max(variable.difficulty, settings.minimum, floor), settings.maximum ?? .infinity)
        if bounded != variable.difficulty { variable.set(bounded, at: now) }
    }
}

extension DifficultyControl {
    /// What was measured and wished goes to the next process; the settings are its own.
    mutating func pass(through stream: inout HandoverStream) throws(HandoverStream.Failure) {
        try variable.pass(through: &stream)
        try stream.pass(&floor)
        try stream.pass(&suggested)
        try stream.pass(&pinned)
    }
}
