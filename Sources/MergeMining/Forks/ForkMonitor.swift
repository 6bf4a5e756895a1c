/// Watches whom the hashpower of the parent chain builds on in RSK: a pure value, fed with tags and, where there is a node, with the RSK
/// chain that it knows.
///
/// Every tag names seven ancestors of its block by a byte each (RSKIP110). Tags whose ancestors agree belong to one branch. The main branch
/// is the node's; without a node the one with most tags. Tags that part from it form branches of their own.
public struct ForkMonitor: Sendable {
    public struct Settings: Sendable {
        /// Parent blocks that count.
        public var window: Int64 = 144
        /// A branch beside the main one raises the alarm with so many tags in the window: one or two are an honest race.
        public var sightingsForAlarm = 3
        /// A tag so far above the node's tip builds on blocks that the node has not been shown.
        public var ahead: Int64 = 20
        /// So many tags in a row whose blocks the chain never took raise the alarm: they are being held back.
        public var unpublishedForAlarm = 6
        /// RSK blocks after which a tag's own block must be on the chain, or is taken for unpublished.
        public var settled: Int64 = 12

        public init() {}
    }

    /// What one parent block said.
    public enum Verdict: Hashable, Sendable {
        /// Its coinbase commits to no RSK block.
        case untagged
        /// On the main branch.
        case main
        /// On the main branch, but above what the node knows by more than blocks take to spread.
        case ahead(by: Int64)
        /// On another branch, by its number.
        case branch(Int)
    }

    public let settings: Settings
    public private(set) var main = ForkBranch(id: 0)
    public private(set) var branches: [ForkBranch] = []
    public private(set) var untagged = 0
    /// The newest parent block seen.
    public private(set) var parentHeight: Int64 = 0
    private var lastID = 0
    /// What the node knows: prefixes by height, and the tip.
    private var known: [Int64: [UInt8]] = [:]
    private var tip: Int64?
    private var aheadSightings: [ForkSighting] = []
    private var unpublishedInARow = 0
    /// Tags on the main branch whose block is not settled yet.
    private var unsettled: [ForkSighting] = []

    private static let mostBranches = 64
    private static let mostKnown = 4096

    public init(settings: Settings = Settings()) {
        self.settings = settings
    }

    /// Tells of a block that the node has on its best chain. A block of a height known before replaces it.
    public mutating func know(_ block: ForkKnownBlock) {
        known[block.height] = block.prefix
        tip = max(tip ?? block.height, block.height)
        if block.height % Int64(RSKForkData.step) == 0 { main.learn(block.height, block.checkpoint) }
        if known.count > Self.mostKnown, let tip { known = known.filter { $0.key > tip - Int64(Self.mostKnown) / 2 } }
        settle()
    }

    /// Tells of the node's tip without its block.
    public mutating func know(tip height: Int64) {
        tip = max(tip ?? height, height)
        settle()
    }

    /// A parent block without a tag.
    public mutating func observeUntagged(parentHeight: Int64) -> Verdict {
        untagged += 1
        advance(to: parentHeight)
        return .untagged
    }

    /// A tag in a new parent block.
    public mutating func observe(_ tag: ForkSighting) -> Verdict {
        advance(to: tag.parentHeight)
        switch main.fit(tag) {
        case .same, .unrelated:
            // Unrelated is a gap of hours in what was seen, or the very beginning.
            return observeOnMain(tag)
        case .parts(let heights):
            if let index = branches.firstIndex(where: { $0.fit(tag) == .same }) {
                branches[index].add(tag)
                return takeOver(index)
            }
            lastID += 1
            var branch = ForkBranch(id: lastID, leftMain: heights)
            branch.add(tag)
            branches.append(branch)
            if branches.count > Self.mostBranches { branches.removeFirst() }
            return takeOver(branches.count - 1)
        }
    }

    private mutating func observeOnMain(_ tag: ForkSighting) -> Verdict {
        if let tip, tag.height > tip + settings.ahead {
            aheadSightings.append(tag)
            return .ahead(by: tag.height - tip)
        }
        main.add(tag)
        if tip != nil {
            unsettled.append(tag)
            settle()
        }
        return .main
    }

    /// Without a node nobody says which branch is the main one: above the fork it is the one with more tags.
    private mutating func takeOver(_ index: Int) -> Verdict {
        let branch = branches[index]
        let fork = branch.leftMain?.upperBound ?? 0
        let loser = main.sightings.filter { $0.height > fork }
        guard tip == nil, branch.sightings.count > loser.count else { return .branch(branch.id) }
        branches.remove(at: index)
        if !loser.isEmpty {
            lastID += 1
            branches.append(ForkBranch(id: lastID, leftMain: branch.leftMain, checkpoints: main.checkpoints, sightings: loser))
        }
        main = ForkBranch(
            id: 0,
            checkpoints: main.checkpoints.filter { $0.key < fork }.merging(branch.checkpoints) { $1 },
            sightings: main.sightings.filter { $0.height <= fork } + branch.sightings
        )
        return .main
    }

    /// Looks whether the blocks of tags seen have come onto the chain.
    private mutating func settle() {
        guard let tip else { return }
        var waiting: [ForkSighting] = []
        for tag in unsettled {
            if known[tag.height] == tag.hash.prefix {
                unpublishedInARow = 0
            } else if tip >= tag.height + settings.settled, known[tag.height] != nil {
                unpublishedInARow += 1
            } else {
                waiting.append(tag)
            }
        }
        unsettled = waiting.suffix(Int(settings.window))
        aheadSightings.removeAll { $0.height <= tip }
    }

    /// Heights whose blocks would settle tags that wait.
    var waitingFor: Set<Int64> { Set(unsettled.map(\.height)) }

    private mutating func advance(to height: Int64) {
        parentHeight = max(parentHeight, height)
        let oldest = parentHeight - settings.window + 1
        main.forget(before: oldest)
        for index in branches.indices { branches[index].forget(before: oldest) }
        branches.removeAll(where: \.sightings.isEmpty)
        aheadSightings.removeAll { $0.parentHeight < oldest }
    }
}

// MARK: - Alarms

extension ForkMonitor {
    public enum Alarm: Hashable, Sendable {
        /// Hashpower builds on a branch that parted from the main one.
        case diverging(ForkBranch)
        /// Hashpower builds on blocks above all that the node has been shown.
        case hidden([ForkSighting])
        /// Blocks that were mined do not come onto the chain.
        case unpublished(inARow: Int)

        /// All labels there are.
        public static let labels = ["diverging", "hidden", "unpublished"]

        /// The label in metrics and logs.
        public var label: String {
            switch self {
            case .diverging: "diverging"
            case .hidden: "hidden"
            case .unpublished: "unpublished"
            }
        }
    }

    /// What holds now; empty when all is well.
    public var alarms: [Alarm] {
        var alarms = branches.filter { $0.sightings.count >= settings.sightingsForAlarm }.map { Alarm.diverging($0) }
        if aheadSightings.count >= settings.sightingsForAlarm { alarms.append(.hidden(aheadSightings)) }
        if unpublishedInARow >= settings.unpublishedForAlarm { alarms.append(.unpublished(inARow: unpublishedInARow)) }
        return alarms
    }

    /// Tags in the window, of all branches.
    public var tagged: Int { main.sightings.count + aheadSightings.count + branches.reduce(0) { $0 + $1.sightings.count } }
}
