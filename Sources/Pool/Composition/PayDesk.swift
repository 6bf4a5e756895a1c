import Accounting

/// Pays one chain's shares: publishes what a share earns, and credits what was earned.
struct PayDesk: Sendable {
    /// What is published of it.
    struct State: Sendable {
        var chain: String
        var scheme: String
        /// What a block is counted as worth, in the chain's smallest unit; nil before the chain's node has offered one.
        var reward: UInt128?
        /// The part of it that is the average of fees.
        var fees: UInt128 = 0
        /// Whether shares wait, because the pool's own money would fall below its floor.
        var isWaiting = false
    }

    let terms: ChainTerms
    private(set) var state: State
    private let feeBlocks: Int
    /// Made with the first offer.
    private var rates: PayRates?
    /// What is to be published and was not yet.
    private var wanted: PayRates.Pay?
    private let log = Log("ledger")

    init(_ terms: ChainTerms, feeBlocks: Int) {
        self.terms = terms
        self.feeBlocks = feeBlocks
        state = State(chain: terms.chain, scheme: terms.scheme.label)
    }

    /// Takes the newest offer of the chain's node.
    /// - Parameters:
    ///   - isDue: a period has ended.
    ///   - mayRetry: shares that wait are tried again; not every second, because every account's work is added up for it.
    mutating func take(_ offer: PayRates.Offer, isDue: Bool, mayRetry: Bool, _ ledger: Ledger) throws(LedgerError) {
        var rates: PayRates
        if let known = self.rates { rates = known } else { rates = try first(offer, ledger) }
        if let pay = rates.take(offer, isDue: isDue) { wanted = pay }
        self.rates = rates
        if state.isWaiting, !mayRetry, !isDue { return }
        if let pay = wanted {
            // The shares before it are credited at the former rate.
            guard try ledger.setPay(chain: terms.chain, reward: pay.reward, networkWeight: pay.networkWeight) else { return wait() }
            wanted = nil
            state.reward = pay.reward
            state.fees = rates.isWithFees ? rates.fees : 0
            log.info("\(terms.chain): a share of the network's difficulty earns \(pay.reward), \(state.fees) of it fees")
        }
        guard isDue || state.isWaiting else { return }
        guard try ledger.creditShares(chain: terms.chain) else { return wait() }
        if state.isWaiting { log.info("\(terms.chain): shares are credited again") }
        state.isWaiting = false
    }

    private mutating func wait() {
        if !state.isWaiting {
            log.warning("\(terms.chain): shares wait to be credited: the pool's own money would fall below \(terms.floor)")
        }
        state.isWaiting = true
    }

    /// What an earlier run published goes on to hold, as far as it was fees.
    private func first(_ offer: PayRates.Offer, _ ledger: Ledger) throws(LedgerError) -> PayRates {
        let published = try ledger.pay(chain: terms.chain).flatMap { $0.reward > offer.subsidy ? $0.reward - offer.subsidy : nil }
        let isParent = terms.chain == Ledger.parentChain
        return PayRates(isParent: isParent, isWithFees: terms.scheme == .fpps && isParent, feeBlocks: feeBlocks, publishedFees: published)
    }
}
