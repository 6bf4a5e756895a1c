public import Hashing

/// A block of an auxiliary chain to be mined, and where it came from.
public struct AuxiliaryWork: Hashable, Sendable {
    public enum Content: Hashable, Sendable {
        case auxPow(AuxPowWork)
        case rsk(RSKWork)
    }

    /// The chain's configured name.
    public let chain: String
    /// The node that issued it and that a solution must go to: its cache knows the work, others' do not.
    public let node: String
    /// When the node first gave it, Unix seconds. An RSK block's own time is about this.
    public let since: Int64
    public let content: Content

    public init(chain: String, node: String, since: Int64, content: Content) {
        self.chain = chain
        self.node = node
        self.since = since
        self.content = content
    }

    /// What the parent header's hash must not exceed.
    public var target: Target {
        switch content {
        case .auxPow(let work): work.target
        case .rsk(let work): work.target
        }
    }

    /// The height of the block being mined.
    public var height: Int64 {
        switch content {
        case .auxPow(let work): work.height
        case .rsk(let work): Int64(work.height)
        }
    }

    /// The work's own name: what its coinbase commitment is made of, hex.
    public var id: String {
        switch content {
        case .auxPow(let work): work.name
        case .rsk(let work): work.hash.description
        }
    }

    /// How many solutions are of use at one time. An AuxPoW chain takes one block of a work, and the others wait in case the first is refused;
    /// each of RSK's is a sibling of its own.
    public var solutionLimit: Int { isRSK ? SolutionRace.mostSiblings : 1 + SolutionRace.mostWaiting }

    /// The block it builds on, hex.
    public var parent: String {
        switch content {
        case .auxPow(let work): work.previous
        case .rsk(let work): Hex.encode(work.parent)
        }
    }
}

/// All works that the next coinbase shall commit to.
public struct AuxiliaryWorks: Sendable {
    /// The slots of all *configured* AuxPoW chains; nil when there is none.
    public let shape: AuxiliaryTree.Shape?
    /// At most one per chain. Chains that give no work are not among them.
    public let works: [AuxiliaryWork]
    /// Counts the changes, so that a job can be told from a newer state.
    public let revision: UInt64

    public init(shape: AuxiliaryTree.Shape?, works: [AuxiliaryWork], revision: UInt64 = 0) {
        self.shape = shape
        self.works = works
        self.revision = revision
    }

    /// No auxiliary chain at all.
    public static let none = AuxiliaryWorks(shape: nil, works: [])

    /// Without these chains; nil when nothing would change. The tree goes too when it was to blame and has no chain left to serve; an empty
    /// name blames it as such.
    func dropping(_ chains: Set<String>) -> AuxiliaryWorks? {
        let rest = works.filter { !chains.contains($0.chain) }
        let blamesTree = chains.contains("") || works.contains { chains.contains($0.chain) && !$0.isRSK }
        let shape = blamesTree && rest.allSatisfy(\.isRSK) ? nil : shape
        guard rest.count < works.count || shape != self.shape else { return nil }
        return AuxiliaryWorks(shape: shape, works: rest, revision: revision)
    }
}
