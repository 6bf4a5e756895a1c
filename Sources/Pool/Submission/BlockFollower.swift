import Accounting

/// Asks the nodes, as the chain grows, where the pool's found blocks stand.
struct BlockFollower: Sendable {
    let nodes: [ParentNode]
    let book: any BlockBook
    private let log = Log("block")

    init(nodes: [ParentNode], book: any BlockBook) {
        self.nodes = nodes
        self.book = book
    }

    /// Looks at every block whose fate is open, every few seconds, for ever.
    func run(every pause: Duration = .seconds(5)) async {
        while !Task.isCancelled {
            await look()
            try? await Task.sleep(for: pause)
        }
    }

    func look() async {
        for record in book.openBlocks() {
            guard let depth = await depth(of: record.hash), let next = BlockWatch.next(record.state, depth) else { continue }
            if next == .orphaned || next == .stale { log.warning("block \(record.hash) at height \(record.height) is \(next.rawValue)") }
            book.write(FoundBlock(record, state: next), answer: nil)
        }
    }

    /// The first node that knows the block decides; they are asked in the order of preference.
    private func depth(of hash: String) async -> BlockWatch.Depth? {
        for node in nodes {
            if let depth = await node.depth(of: hash), depth != .unknown { return depth }
        }
        return nil
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
