public import Bitcoin
import Hashing

/// Blocks coming in.
extension EmbeddedChain {
    /// Tries a block against every rule and keeps it if it passes.
    /// - Parameter now: the node's clock, Unix seconds.
    public mutating func submit(_ block: Block, now: UInt32) -> BlockAcceptance {
        do {
            let stored = try check(block, now: now)
            return add(stored)
        } catch {
            return .refused(error)
        }
    }

    /// Would the block be accepted on the tip, its proof of work apart? `getblocktemplate`'s proposal mode (BIP23).
    public func check(proposal block: Block, now: UInt32) throws(BlockRejection) {
        if let known = entries[block.header.hash] { throw known.isInvalid ? .duplicateInvalid : .duplicate }
        guard block.header.previousHash == tip.hash else { throw .notBestParent }
        let place = place(after: tip, now: now)
        try BlockRules.checkHeader(block.header, at: place)
        try BlockRules.checkBody(block)
        try BlockRules.checkBody(block, at: place)
        let serials = try recognise(block.transactions.dropFirst())
        var pool = pool
        guard pool.take(serials) else { throw .inputsMissingOrSpent }
        try checkAmount(StoredBlock(header: block.header, coinbase: block.transactions[0], serials: serials), height: place.height)
    }

    private func check(_ block: Block, now: UInt32) throws(BlockRejection) -> StoredBlock {
        let hash = block.header.hash
        // The order of bitcoind's ProcessNewBlock: the block by itself, whether it is known, its parent, its place.
        try BlockRules.checkProofOfWork(block.header, hash: hash)
        try BlockRules.checkBody(block)
        if let known = entries[hash] { throw known.isInvalid ? .duplicateInvalid : .duplicate }
        guard let parent = entries[block.header.previousHash] else { throw .parentNotFound }
        guard !parent.isInvalid else { throw .parentInvalid }
        let place = place(after: parent, now: now)
        try BlockRules.checkHeader(block.header, at: place)
        try BlockRules.checkBody(block, at: place)
        return StoredBlock(header: block.header, coinbase: block.transactions[0], serials: try recognise(block.transactions.dropFirst()))
    }

    /// Finds the made-up transactions' serial numbers. bitcoind would notice a foreign transaction only when it connects the block; here a block
    /// with one is never kept.
    private func recognise(_ transactions: some Sequence<Transaction>) throws(BlockRejection) -> [UInt64] {
        var serials: [UInt64] = []
        for transaction in transactions {
            guard let serial = pool.supply.serial(of: transaction), pool.knows(serial) else { throw .inputsMissingOrSpent }
            serials.append(serial)
        }
        return serials
    }

    private func place(after parent: ChainEntry, now: UInt32) -> BlockPlace {
        BlockPlace(height: parent.height + 1, medianTimePast: parent.medianTimePast, bits: bits, now: now)
    }

    /// Takes blocks from a file as they were kept: their rules, bits among them, were those of the run that accepted them.
    ///
    /// A block whose parent is not there is left out.
    public mutating func restore(_ blocks: some Sequence<StoredBlock>) {
        for block in blocks where entries[block.header.previousHash] != nil && entries[block.header.hash] == nil {
            pool.know(block.serials)
            _ = add(block, isTrusted: true)
        }
        pool.refill()
    }

    private mutating func add(_ block: StoredBlock, isTrusted: Bool = false) -> BlockAcceptance {
        guard let parent = entries[block.header.previousHash] else { return .refused(.parentNotFound) }
        arrivals += 1
        let weight = Target(bits: block.header.bits)?.weight ?? 0
        let (sum, overflow) = parent.chainWork.addingReportingOverflow(weight)
        let entry = ChainEntry(
            hash: block.header.hash,
            height: parent.height + 1,
            block: block,
            chainWork: overflow ? .max : sum,
            medianTimePast: medianTime(endingWith: block.header.time, after: parent),
            arrival: arrivals
        )
        entries[entry.hash] = entry
        guard entry.chainWork > tip.chainWork else { return .sideBranch }
        defer { if !isTrusted { pool.refill() } }
        guard let failure = activate(entry, isTrusted: isTrusted) else { return .tip }
        activateBest()
        // Only the block's own fault is told; where an older block of its branch breaks a rule, bitcoind has no verdict on this one.
        return failure.block == entry.hash ? .refused(failure.reason) : .sideBranch
    }

    private func medianTime(endingWith time: UInt32, after parent: ChainEntry) -> UInt32 {
        var times = [time]
        var next: ChainEntry? = parent
        while let entry = next, times.count < 11 {
            times.append(entry.header.time)
            next = entries[entry.header.previousHash]
        }
        times.sort()
        return times[times.count / 2]
    }
}
