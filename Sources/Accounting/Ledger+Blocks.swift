import Synchronization

extension Ledger {
    /// Puts a block on record in a transaction of its own; it waits for no share. A block that is on record already stays as it is.
    public func recordBlock(_ block: FoundBlock) throws(LedgerError) {
        try store.record(block, poolWeight: live.withLock { $0.pool.weight })
        if block.state.endsRound { scheduleSettlement() }
    }

    /// Writes what became of a block. Its round is closed, and money moves, soon after. False when no such block is on record, or what was
    /// judged before stands against the news.
    @discardableResult
    public func updateBlock(chain: String, hash: String, _ news: BlockNews) throws(LedgerError) -> Bool {
        let isNews = try store.update(chain: chain, hash: hash, news)
        if isNews { scheduleSettlement() }
        return isNews
    }

    /// Blocks on record, newest first.
    /// - Parameters:
    ///   - chain: of this chain only.
    ///   - account: found by this account's workers only.
    ///   - states: in these states only.
    ///   - since: found no earlier, milliseconds of Unix time.
    public func blocks(
        chain: String? = nil,
        account: String? = nil,
        states: [BlockState]? = nil,
        since: Int64 = .min,
        limit: Int = 100
    ) throws(LedgerError) -> [BlockRecord] {
        try store.blocks(chain: chain, account: account, states: states, since: since, limit: limit)
    }

    /// How many blocks are on record, by chain and state.
    public func blockCounts() throws(LedgerError) -> [(chain: String, state: BlockState, count: Int)] {
        try store.blockCounts()
    }

    /// The weight of accepted shares since a block of this chain last ended a round.
    public func weightSinceLastBlock(chain: String) throws(LedgerError) -> UInt128 {
        let total = live.withLock { $0.pool.weight }
        let before = try store.weightAtLastRound(chain: chain)
        return total >= before ? total - before : 0
    }

    /// The chain's luck over its last blocks: work expected over work done, 1 is average and more is luck. Nil before the first block.
    public func luck(chain: String, blocks count: Int = 100) throws(LedgerError) -> Double? {
        let ended = try store.blocks(chain: chain, states: BlockState.endingRound, limit: count).filter { !$0.isOutside }
        let effort = ended.reduce(0) { $0 + $1.effort }
        return effort > 0 ? Double(ended.count) / effort : nil
    }
}
