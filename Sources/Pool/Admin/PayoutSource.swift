/// What the administration shows of payouts, and does with them.
public protocol PayoutSource: Sendable {
    /// Who would be paid next, on each chain or on one.
    func plans(chain: String?) async throws(AdminFailure) -> [PayoutPlanView]
    /// Payouts, newest first.
    func payouts(chain: String?, limit: Int) async throws(AdminFailure) -> [PayoutView]
    /// Pays everybody who is due.
    func send(chain: String) async throws(AdminFailure) -> [PayoutView]
    /// Fixes who is paid outside the pool, and sets the money aside.
    func planOutside(chain: String) async throws(AdminFailure) -> PayoutView
    /// Books what was paid outside.
    func settle(chain: String, txid: String) async throws(AdminFailure) -> PayoutView
    /// Gives back the money of a payout that has no transaction.
    func cancel(payout: Int64) async throws(AdminFailure)
    /// Replaces a payout's transaction by one at a higher price, in satoshi per virtual byte.
    func bump(payout: Int64, feeRate: Double?) async throws(AdminFailure) -> PayoutView
}
