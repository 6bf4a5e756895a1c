extension Ledger {
    /// Who would be paid by the next payout of a chain.
    /// - Parameters:
    ///   - minimum: the smallest balance that is paid, in the chain's smallest unit.
    ///   - limit: the most accounts in one payout.
    public func planPayout(chain: String, minimum: UInt128, limit: Int) throws(LedgerError) -> PayoutPlan {
        PayoutPlan(try store.due(chain: chain), minimum: minimum, limit: limit)
    }

    /// Fixes who is paid, and sets the money aside.
    /// - Parameter isOutside: somebody pays it outside the pool.
    /// - Returns: nil when a balance fell below its row meanwhile, or an earlier payout of the chain is not under way yet.
    public func openPayout(chain: String, rows: [PayoutRow], isOutside: Bool) throws(LedgerError) -> Payout? {
        if rows.isEmpty { return nil }
        guard let id = try store.openPayout(chain: chain, rows: rows, state: isOutside ? .outside : .planned, at: now) else { return nil }
        return try store.payout(id)
    }

    /// Stores the transaction that pays a payout, before anybody else sees it.
    /// - Parameters:
    ///   - fees: what each row bears of its fee.
    ///   - replacing: the txid of the payout's last transaction, when this one spends the same coins.
    /// - Returns: the payout as it stands; nil when this transaction was not stored and must not leave.
    public func signPayout(_ id: Int64, _ transaction: PayoutTransaction, fees: [UInt128], replacing: String? = nil) throws(LedgerError) -> Payout? {
        guard try store.sign(id, transaction, fees: fees, replacing: replacing, at: now) else { return nil }
        return try store.payout(id)
    }

    /// A node took the payout's last transaction.
    public func markPayoutSent(_ id: Int64) throws(LedgerError) {
        try store.markSent(id, at: now)
    }

    /// A transaction is final in the chain. Rows it did not pay are payable again; with none paid the payout is released.
    /// - Parameter fees: by row, what of its amount went to the network; nil where the transaction does not pay it.
    /// - Returns: false when the payout had ended before.
    @discardableResult
    public func confirmPayout(_ id: Int64, _ transaction: PayoutTransaction, fees: [UInt128?]) throws(LedgerError) -> Bool {
        let isPaid = fees.contains { $0 != nil }
        return try store.end(id, isPaid ? .confirmed : .released, transaction: isPaid ? transaction : nil, fees: fees, at: now)
    }

    /// Gives the money of a payout back that has no transaction and will get none.
    /// - Returns: false when it has one, or had ended before.
    public func cancelPayout(_ id: Int64) throws(LedgerError) -> Bool {
        guard let payout = try store.payout(id), payout.state == .planned || payout.state == .outside else { return false }
        return try store.end(id, .released, transaction: nil, fees: payout.rows.map { _ in nil }, from: payout.state, at: now)
    }

    /// Books a payout that was paid outside the pool.
    /// - Returns: false when it is not one of those, or had ended before.
    public func settlePayout(_ id: Int64, txid: String) throws(LedgerError) -> Bool {
        guard let payout = try store.payout(id) else { return false }
        let transaction = PayoutTransaction(txid: txid, bytes: [], fee: 0, state: .confirmed)
        return try store.end(id, .settled, transaction: transaction, fees: payout.rows.map { _ in 0 }, from: .outside, at: now)
    }

    /// Payouts, newest first.
    public func payouts(chain: String? = nil, states: [PayoutState]? = nil, limit: Int = 100) throws(LedgerError) -> [Payout] {
        try store.payouts(chain: chain, states: states, limit: limit)
    }

    /// Payouts that want something done, oldest first.
    public func openPayouts(chain: String) throws(LedgerError) -> [Payout] {
        try store.payouts(chain: chain, states: PayoutState.open, limit: .max).reversed()
    }
}
