import Accounting
import MergeMining

/// Asks the nodes, as the chains grow, where the pool's found blocks stand.
///
/// Each chain is followed by itself, so that a node that hangs holds up its own chain only.
struct BlockFollower: Sendable {
    private let nodes: [any BlockReceiver]
    private let auxiliaries: AuxiliarySet?
    /// Confirmations until a block counts as confirmed, by chain.
    private let maturities: [String: Int64]
    private let book: any BlockBook
    private let log = Log("block")

    init(nodes: [any BlockReceiver], auxiliaries: AuxiliarySet? = nil, maturities: [String: Int64] = [:], book: any BlockBook) {
        self.nodes = nodes
        self.auxiliaries = auxiliaries
        self.maturities = maturities
        self.book = book
    }

    /// Looks at every block whose fate is open every few seconds, and at those lost lately now and then, for ever.
    func run(every pause: Duration = .seconds(5)) async {
        await withDiscardingTaskGroup { group in
            for chain in chains {
                group.addTask {
                    var order = FollowOrder()
                    var turn = 0
                    while !Task.isCancelled {
                        await look(at: order.next(of: await book.openBlocks(of: chain)))
                        if turn % FollowOrder.lostEvery == 0 { await look(at: await book.lostBlocks(of: chain)) }
                        turn += 1
                        try? await Task.sleep(for: pause)
                    }
                }
            }
        }
    }

    /// Looks at every open block and those lost lately at once.
    func look() async {
        for chain in chains {
            let (open, lost) = (await book.openBlocks(of: chain), await book.lostBlocks(of: chain))
            await look(at: open + lost)
        }
    }

    private var chains: [String] { [Ledger.parentChain] + maturities.keys.filter { $0 != Ledger.parentChain }.sorted() }

    private func look(at records: some Sequence<BlockRecord>) async {
        for record in records {
            guard let depth = await depth(of: record) else { continue }
            let maturity = maturities[record.chain] ?? BlockWatch.maturity
            guard let next = BlockWatch.next(record.state, depth, maturity: maturity) else { continue }
            let isLost = next == .orphaned || next == .stale
            if isLost || ![.found, .submitted, .accepted, .immature].contains(record.state) {
                let former = isLost ? "" : " again; it was \(record.state.rawValue)"
                log.warning("\(record.chain) block \(record.hash) at height \(record.height) is \(next.rawValue)\(former)")
            }
            book.write(FoundBlock(record, state: next), by: .chain, answer: nil)
        }
    }

    /// A node that has the block on its chain decides. Only if none has, it may be lost: a node that is behind, or on a branch of its own for
    /// a while, must not take a block from the books that others build on. One of several is asked first, whichever it is, for one that got stuck
    /// would say the same for ever.
    private func depth(of record: BlockRecord) async -> BlockWatch.Depth? {
        if record.chain != Ledger.parentChain {
            guard let auxiliaries else { return nil }
            return BlockWatch.Depth(await auxiliaries.standing(of: record.hash, height: record.height, on: record.chain))
        }
        var aside: Int64?
        let first = nodes.isEmpty ? 0 : Int.random(in: nodes.indices)
        for node in nodes[first...] + nodes[..<first] {
            switch await node.depth(of: record.hash, height: record.height) {
            case .confirmations(let count): return .confirmations(count)
            case .aside(let rival): aside = max(aside ?? 0, rival)
            case .unknown, nil: continue
            }
        }
        return aside.map { .aside(rival: $0) }
    }
}

extension BlockWatch.Depth {
    /// Nil where the chain cannot say.
    init?(_ standing: AuxiliaryStanding) {
        switch standing {
        case .confirmed(let confirmations): self = .confirmations(confirmations)
        case .beside(let rival): self = .aside(rival: rival)
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
