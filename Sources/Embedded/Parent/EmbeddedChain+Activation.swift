import Bitcoin
public import Hashing

/// Choosing the active chain: most work, the first seen of equals.
extension EmbeddedChain {
    struct Failure {
        var block: Hash256
        var reason: BlockRejection
    }

    /// Makes `entry` the tip: disconnects down to the fork, connects up. What breaks a rule on the way is marked and named.
    mutating func activate(_ entry: ChainEntry, isTrusted: Bool = false) -> Failure? {
        var path: [ChainEntry] = []
        var next = entry
        while !isActive(next), let parent = entries[next.header.previousHash] {
            path.append(next)
            next = parent
        }
        while tip.hash != next.hash { disconnectTip() }
        for entry in path.reversed() {
            if let reason = connect(entry, isTrusted: isTrusted) {
                markInvalid(from: entry.hash)
                return Failure(block: entry.hash, reason: reason)
            }
        }
        return nil
    }

    private mutating func connect(_ entry: ChainEntry, isTrusted: Bool) -> BlockRejection? {
        if !isTrusted {
            do { try checkAmount(entry.block, height: entry.height) } catch { return error }
        }
        guard pool.take(entry.block.serials) else { return .inputsMissingOrSpent }
        active.append(entry.hash)
        tip = entry
        return nil
    }

    private mutating func disconnectTip() {
        guard let parent = entries[tip.header.previousHash] else { return }
        pool.giveBack(tip.block.serials)
        active.removeLast()
        tip = parent
    }

    func checkAmount(_ block: StoredBlock, height: UInt32) throws(BlockRejection) {
        let fees = block.serials.reduce(0) { $0 + pool.transaction($1).fee }
        let paid = block.coinbase.outputs.reduce(0) { $0 + $1.value }
        guard paid <= Chain.regtest.subsidy(height: height) + fees else { throw .coinbaseAmount }
    }

    private mutating func markInvalid(from hash: Hash256) {
        entries[hash]?.isInvalid = true
        // A child always arrived after its parent.
        for entry in entries.values.sorted(by: { $0.arrival < $1.arrival }) where entries[entry.header.previousHash]?.isInvalid == true {
            entries[entry.hash]?.isInvalid = true
        }
    }

    /// Activates the valid block with most work, the first seen of equals, until one connects.
    mutating func activateBest() {
        while let best = entries.values.filter({ !$0.isInvalid }).max(by: { ($0.chainWork, $1.arrival) < ($1.chainWork, $0.arrival) }),
            best.hash != tip.hash
        {
            if activate(best) == nil { return }
        }
    }
}

/// By hand.
extension EmbeddedChain {
    /// Declares a block and all above it invalid, as `invalidateblock` does; the best chain without it becomes active. Never the genesis block.
    public mutating func invalidate(_ hash: Hash256) {
        guard let entry = entries[hash], entry.height > 0 else { return }
        if isActive(entry) {
            while tip.height >= entry.height { disconnectTip() }
        }
        markInvalid(from: hash)
        activateBest()
        pool.refill()
    }

    /// Treats a block as seen before all others, as `preciousblock` does: among equals it becomes the tip.
    public mutating func prefer(_ hash: Hash256) {
        guard let entry = entries[hash], !entry.isInvalid, entry.chainWork >= tip.chainWork else { return }
        let first = entries.values.map(\.arrival).min() ?? 0
        entries[hash]?.arrival = first - 1
        activateBest()
        pool.refill()
    }

    /// Puts `count` more made-up transactions into the pool.
    public mutating func addTransactions(_ count: Int) {
        pool.add(count)
    }

    /// Changes how many made-up transactions wait after each block.
    public mutating func setDepth(_ depth: Int) {
        pool.setDepth(depth)
    }
}
