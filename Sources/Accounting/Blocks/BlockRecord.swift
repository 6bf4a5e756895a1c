/// What became of a block.
public enum BlockState: String, Sendable, CaseIterable {
    case found
    case submitted
    case accepted
    case immature
    case confirmed
    case uncle
    case stale
    case rejected
    case orphaned

    /// Whether a round ended with it: a chain took it, at least for a while.
    public var endsRound: Bool {
        switch self {
        case .accepted, .immature, .confirmed, .uncle, .orphaned: true
        case .found, .submitted, .stale, .rejected: false
        }
    }

    /// Whether news from `source` may lead from here to `next`. What was judged is not unjudged by news that comes late.
    ///
    /// Several solutions may share a block: all of one AuxPoW work have its hash, and a client of the gateway may repeat a proof. So the answer to
    /// one of them says nothing against a block that the chain took for another's sake; that the chain dropped it, only the chain can tell.
    public func leads(to next: BlockState, by source: BlockNews.Source) -> Bool {
        switch (source, self) {
        case (_, .found): true
        case (_, .submitted): next != .found
        case (.chain, _): next != .found && next != .submitted
        case (.answer, .rejected): next != .found && next != .submitted
        // Refused this time, it may still be the block that the chain dropped, and come back.
        case (.answer, .stale): next == .stale || next == .accepted || next == .uncle
        case (.answer, .accepted), (.answer, .immature), (.answer, .confirmed), (.answer, .uncle), (.answer, .orphaned): next == self
        }
    }

    static let endingRound = allCases.filter(\.endsRound)
    /// The chain has it, as far as is known.
    static let standing: [BlockState] = [.accepted, .immature, .confirmed, .uncle]
    /// Its reward can be spent.
    static let mature: [BlockState] = [.confirmed, .uncle]
}

/// A solution as it is found.
public struct FoundBlock: Sendable {
    /// The chain's name in the configuration; ``Ledger/parentChain`` for the parent.
    public var chain: String
    public var height: Int64
    /// Display order.
    public var hash: String
    /// The parent block's hash, display order, for a block of an auxiliary chain.
    public var parentHash: String?
    /// The handle of the worker who found it.
    public var worker: UInt32?
    /// Milliseconds of Unix time.
    public var time: Int64
    public var state: BlockState
    /// In the chain's smallest unit; 0 when it is not known yet.
    public var reward: UInt128
    /// Expected hashes of the chain's target.
    public var networkWeight: UInt128
    /// Whether it was worked for by another pool's miners, whose shares are not in this ledger: then it is its finder's alone.
    public var isOutside: Bool

    public init(
        chain: String,
        height: Int64,
        hash: String,
        parentHash: String? = nil,
        worker: UInt32?,
        time: Int64,
        state: BlockState = .found,
        reward: UInt128,
        networkWeight: UInt128,
        isOutside: Bool = false
    ) {
        self.chain = chain
        self.height = height
        self.hash = hash
        self.parentHash = parentHash
        self.worker = worker
        self.time = time
        self.state = state
        self.reward = reward
        self.networkWeight = networkWeight
        self.isOutside = isOutside
    }
}

/// A block on record.
public struct BlockRecord: Sendable, Equatable {
    public let id: Int64
    public let chain: String
    public let height: Int64
    public let hash: String
    public let parentHash: String?
    public let account: String?
    public let worker: String?
    public let time: Int64
    public let state: BlockState
    /// The node's own words, when it gave any.
    public let answer: String
    public let reward: UInt128
    public let networkWeight: UInt128
    /// What the pool worked since its own block before on the chain, accepted shares' weight.
    public let roundWeight: UInt128
    /// See ``FoundBlock/isOutside``.
    public let isOutside: Bool

    /// Work done over work expected: 1 is average, less is luck. It says nothing of a block from outside.
    public var effort: Double { networkWeight == 0 ? 0 : Double(roundWeight) / Double(networkWeight) }
}

/// News of a block.
public struct BlockNews: Sendable {
    /// Who brings them.
    public enum Source: Sendable {
        /// A node's answer to a submission.
        case answer
        /// A look at the chain as it stands.
        case chain
    }

    public var state: BlockState
    public var source: Source
    /// The reward, where it is now known.
    public var reward: UInt128?
    public var height: Int64?
    /// The node's words; nil keeps the former ones.
    public var answer: String?

    public init(state: BlockState, by source: Source = .chain, reward: UInt128? = nil, height: Int64? = nil, answer: String? = nil) {
        self.state = state
        self.source = source
        self.reward = reward
        self.height = height
        self.answer = answer
    }
}
