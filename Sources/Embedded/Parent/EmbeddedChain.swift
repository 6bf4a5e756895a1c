public import Bitcoin
public import Hashing

/// A regtest chain as a value: headers with real proof of work, bitcoind's rules for blocks, most work wins.
///
/// Retargeting is off: new blocks carry ``bits``, whatever that is at the time, so a restart may change it. Side branches are kept, and become
/// active when they have more work.
public struct EmbeddedChain: Sendable {
    /// What every new block's header must carry.
    public let bits: CompactBits
    /// Every block known, by hash.
    var entries: [Hash256: ChainEntry] = [:]
    /// The active chain's hashes; the index is the height.
    var active: [Hash256] = []
    var arrivals = 0
    var pool: TransactionPool

    /// A chain of nothing but the genesis block.
    /// - Parameter depth: how many made-up transactions wait after each block.
    public init(bits: CompactBits, supply: TransactionSupply, depth: Int) {
        self.bits = bits
        pool = TransactionPool(supply: supply, depth: depth)
        let genesis = StoredBlock.genesis
        tip = ChainEntry(
            hash: genesis.header.hash,
            height: 0,
            block: genesis,
            chainWork: Target(bits: genesis.header.bits)?.weight ?? 0,
            medianTimePast: genesis.header.time,
            arrival: 0
        )
        entries[tip.hash] = tip
        active = [tip.hash]
        pool.refill()
    }

    /// The active chain's last block.
    public internal(set) var tip: ChainEntry
    public var height: UInt32 { tip.height }

    /// Any block known, stale ones too.
    public func entry(_ hash: Hash256) -> ChainEntry? { entries[hash] }

    /// The active chain's block at a height.
    public func hash(atHeight height: Int) -> Hash256? { active.indices.contains(height) ? active[height] : nil }

    public func isActive(_ entry: ChainEntry) -> Bool { hash(atHeight: Int(entry.height)) == entry.hash }

    /// 1 for the tip; -1 for a block that is not on the active chain, as bitcoind counts.
    public func confirmations(of entry: ChainEntry) -> Int {
        isActive(entry) ? Int(tip.height - entry.height) + 1 : -1
    }

    /// The whole block, its transactions made again.
    public func block(of entry: ChainEntry) throws(WireError) -> Block {
        var transactions = [entry.block.coinbase]
        for serial in entry.block.serials { transactions.append(try Transaction(parsing: pool.transaction(serial).bytes)) }
        return Block(header: entry.header, transactions: transactions)
    }

    /// Every block known beside the genesis block, as it arrived.
    public var stored: [StoredBlock] { entries.values.filter { $0.height > 0 }.sorted { $0.arrival < $1.arrival }.map(\.block) }
}
