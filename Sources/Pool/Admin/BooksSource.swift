internal import Accounting

/// What the ledger tells and does for whoever administers the pool: rounds, balances, accounts, audits.
///
/// Amounts are in a chain's smallest unit. Nothing here is on the share path.
public protocol BooksSource: Sendable {
    /// Closed rounds, newest first; of every chain where none is named.
    func rounds(chain: String?, limit: Int) async throws(AdminFailure) -> [RoundRow]
    /// What accounts have on each chain. The pool's own account has an empty name.
    func balances(account: String?) async throws(AdminFailure) -> [BalanceRow]
    /// Every account with its addresses and fees.
    func accounts() async throws(AdminFailure) -> [AccountRow]
    /// The windows of accepted and refused shares.
    func shares(_ query: ShareQuery) async throws(AdminFailure) -> [ShareWindowRow]
    /// That a closed round counted an account.
    func proof(chain: String, round: Int, account: String) async throws(AdminFailure) -> RoundProof
    /// Gives an account an address on an auxiliary chain, or a fee of its own.
    func set(_ setting: AccountSetting) async throws(AdminFailure)
    /// Gives an account an address that its owner has signed for.
    func claim(_ claim: AddressClaim) async throws(AdminFailure)
    /// Begins something that takes long; ``progress(of:)`` tells how far it is.
    func begin(_ work: LongWork.Kind) async throws(AdminFailure) -> LongWork.Progress
    func progress(of work: Int) async throws(AdminFailure) -> LongWork.Progress
}

/// What an account can be given.
public struct AccountSetting: Sendable, Equatable {
    public enum Value: Sendable, Equatable {
        /// Where its credits on the chain are paid.
        case address(String)
        /// Its fee in millionths; nil gives it the chain's again.
        case fee(Int?)
    }

    public var account: String
    public var chain: String
    public var value: Value

    public init(account: String, chain: String, _ value: Value) {
        self.account = account
        self.chain = chain
        self.value = value
    }
}

/// Which windows are asked for.
public struct ShareQuery: Sendable, Equatable {
    /// An account whose workers are added up.
    public var account: String?
    /// `ACCOUNT` for each of its workers, or `ACCOUNT.WORKER`. Nil, where no account is named either, for all together.
    public var worker: String?
    /// Unix seconds; windows that began earlier are left out.
    public var since: Int
    /// Seconds: 60, 3600 or 86400.
    public var span: Int
    public var limit: Int
    /// Those that left the store, instead of those that are in it.
    public var isArchived: Bool

    public init(account: String? = nil, worker: String? = nil, since: Int, span: Int, limit: Int, isArchived: Bool = false) {
        self.account = account
        self.worker = worker
        self.since = since
        self.span = span
        self.limit = limit
        self.isArchived = isArchived
    }
}
