import Accounting
import MergeMining

/// Asks the nodes, as the chains grow, where the pool's found blocks stand.
///
/// Each chain is followed by itself, so that a node that hangs holds up its own chain only.
struct BlockFollower: Sendable {
    private let nodes: [ParentNode]
    private let auxiliaries: AuxiliarySet?
    /// Confirmations until a block counts as confirmed, by chain.
    private let maturities: [String: Int64]
    private let book: any BlockBook
    private let log = Log("block")

    init(nodes: [ParentNode], auxiliaries: AuxiliarySet? = nil, maturities: [String: Int64] = [:], book: any BlockBook) {
        self.nodes = nodes
        self.auxiliaries = auxiliaries
        self.maturities = maturities
        self.book = book
    }

    /// Looks at every block whose fate is open, every few seconds, for ever.
    func run(every pause: Duration = .seconds(5)) async {
        await withDiscardingTaskGroup { group in
            for chain in chains {
                group.addTask {
                    var order = FollowOrder()
                    while !Task.isCancelled {
                        await look(at: order.next(of: book.openBlocks(of: chain)))
                        try? await Task.sleep(for: pause)
                    }
                }
            }
        }
    }

    /// Looks at every open block at once.
    func look() async {
        for chain in chains { await look(at: book.openBlocks(of: chain)) }
    }

    private var chains: [String] { [Ledger.parentChain] + maturities.keys.filter { $0 != Ledger.parentChain }.sorted() }

    private func look(at records: some Sequence<BlockRecord>) async {
        for record in records {
            guard let depth = await depth(of: record) else { continue }
            let maturity = maturities[record.chain] ?? BlockWatch.maturity
            guard let next = BlockWatch.next(record.state, depth, maturity: maturity) else { continue }
            if next == .orphaned || next == .stale {
                log.warning("\(record.chain) block \(record.hash) at height \(record.height) is \(next.rawValue)")
            }
            book.write(FoundBlock(record, state: next), answer: nil)
        }
    }

    /// The first node that knows the block decides; they are asked in the order of preference.
    private func depth(of record: BlockRecord) async -> BlockWatch.Depth? {
        if record.chain != Ledger.parentChain {
            guard let auxiliaries else { return nil }
            return BlockWatch.Depth(await auxiliaries.standing(of: record.hash, height: record.height, on: record.chain))
        }
        for node in nodes {
            if let depth = await node.depth(of: record.hash, height: record.height), depth != .unknown { return depth }
        }
        return nil
    }
}

extension BlockWatch.Depth {
    /// Nil where the chain cannot say.
    init?(_ standing: AuxiliaryStanding) {
        switch standing {
        case .confirmed(let confirmations): self = .confirmations(confirmations)
        case .beside: self = .aside
        case .ahead, .unknown: return nil
        }
    }
}

extension FoundBlock {
    init(_ record: BlockRecord, state: BlockState) {
        self.init(
            chain: record.chain,
            height: record.height,
            hash: record.hash,
            parentHash: record.parentHash,
            worker: nil,
            time: record.time,
            state: state,
            reward: record.reward,
            networkWeight: record.networkWeight
        )
    }
}
