internal import Dispatch
import Synchronization

extension Ledger {
    /// Closed rounds, newest first.
    public func rounds(chain: String? = nil, limit: Int = 100) throws(LedgerError) -> [RoundRecord] {
        try store.rounds(chain: chain, limit: limit)
    }

    /// What accounts have on each chain, in the chain's smallest unit; the pool's own account has an empty name.
    public func balances(account: String? = nil) throws(LedgerError) -> [AccountBalance] {
        try store.balances(account: account)
    }

    /// Sets what PPS or FPPS pays on a chain from now on; shares stored before are credited at the former rate.
    /// - Parameters:
    ///   - reward: expected of a block: the subsidy, under FPPS with the published average of fees.
    ///   - networkWeight: expected hashes of a block.
    /// - Returns: false when the pool's own money does not reach for the shares before; the former rate stays.
    @discardableResult
    public func setPay(chain: String, reward: UInt128, networkWeight: UInt128) throws(LedgerError) -> Bool {
        guard let rate = PerShareRate(reward: reward, networkWeight: networkWeight) else { return false }
        return try settling { time throws(LedgerError) in
            try store.setRate(rate, reward: reward, networkWeight: networkWeight, terms(of: chain), at: time)
        }
    }

    /// Credits the shares of every chain that pays per share, or of one. False when the pool's own money does not reach for one of them.
    @discardableResult
    public func creditShares(chain: String? = nil) throws(LedgerError) -> Bool {
        try settling { time throws(LedgerError) in
            var isCredited = true
            for terms in chains.withLock({ $0 }) where terms.scheme.paysPerShare && (chain == nil || terms.chain == chain) {
                if try !store.closePeriod(terms, at: time) { isCredited = false }
            }
            return isCredited
        }
    }

    /// Gives an account a fee of its own on a chain; nil takes it back. It holds from the round that is open.
    public func setFee(_ fee: PartsPerMillion?, account: String, chain: String) throws(LedgerError) {
        try store.setFee(fee, account: account, chain: chain, at: now)
    }

    func terms(of chain: String) -> ChainTerms {
        chains.withLock { chains in chains.first { $0.chain == chain } } ?? ChainTerms(chain: chain)
    }

    /// Sets what the pool keeps from now on of accounts that have no fee of their own, by chain. It holds from the round that is open; where shares
    /// are paid one by one, those stored before are credited at the former fee.
    /// - Returns: false when the pool's own money does not reach for these; then every former fee stays.
    public func setFees(_ fees: [String: PartsPerMillion]) throws(LedgerError) -> Bool {
        try settling { time throws(LedgerError) in
            let changed = chains.withLock { $0 }.filter { terms in fees[terms.chain].map { $0 != terms.fee } ?? false }
            for terms in changed where terms.scheme.paysPerShare {
                if try !store.closePeriod(terms, at: time) { return false }
            }
            chains.withLock { chains in
                for index in chains.indices { chains[index].fee = fees[chains[index].chain] ?? chains[index].fee }
            }
            return true
        }
    }

    /// Closes rounds and moves money as the blocks on record want it, and returns when that is done.
    public func settleRounds() throws(LedgerError) {
        try settling { time throws(LedgerError) in try store.settleBlocks(terms(of:), at: time) }
    }

    /// Does the same soon, on the ledger's own queue: whoever brings news of a block does not wait for it.
    func scheduleSettlement() {
        let isNew = unfolded.withLock { state in
            defer { state.isSettling = true }
            return !state.isSettling
        }
        guard isNew else { return }
        queue.async { [weak self] in
            guard let self else { return }
            unfolded.withLock { $0.isSettling = false }
            do throws(LedgerError) {
                try foldWaiting()
                try store.settleBlocks(terms(of:), at: now)
                unfolded.withLock { $0.roundFailure = nil }
            } catch {
                // What is to be done stands in the store; the next fold tries again.
                unfolded.withLock { $0.roundFailure = error }
                scheduleFold()
            }
        }
    }

    /// Runs `body` on the queue, with every stored share in the store.
    private func settling<Result: Sendable>(_ body: (_ time: Int64) throws(LedgerError) -> Result) throws(LedgerError) -> Result {
        try onQueue { () throws(LedgerError) in
            try foldWaiting()
            return try body(now)
        }
    }
}
