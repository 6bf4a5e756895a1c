import Accounting
import Bitcoin
import Synchronization

@testable import Pool

/// A wallet whose pool dies at one of its calls: before it, or after it had its effect.
final class DoomedWallet: PayoutWallet {
    private let wallet: any PayoutWallet
    private let moment: Int
    private let passed = Mutex(0)
    /// Ends the process, or says how the calls of a dead pool fail.
    private let die: @Sendable () -> PayoutFailure

    /// - Parameter moment: 0 is before the first call, 1 after it, 2 before the second …
    init(_ wallet: any PayoutWallet, diesAt moment: Int, _ die: @escaping @Sendable () -> PayoutFailure) {
        self.wallet = wallet
        self.moment = moment
        self.die = die
    }

    /// Whether the moment was reached.
    var isDead: Bool { passed.withLock { $0 > moment } }

    private func pass() throws(PayoutFailure) {
        let isOver = passed.withLock { passed in
            defer { passed += 1 }
            return passed >= moment
        }
        if isOver { throw die() }
    }

    private func call<Result>(_ body: () async throws(PayoutFailure) -> Result) async throws(PayoutFailure) -> Result {
        try pass()
        let result = try await body()
        try pass()
        return result
    }

    func scripts(of addresses: [String]) async throws(PayoutFailure) -> [String: Script] {
        try await call { () throws(PayoutFailure) in try await wallet.scripts(of: addresses) }
    }

    func sign(_ rows: [PayoutRow], spending coins: [OutPoint], feeRate: Double?) async throws(PayoutFailure) -> SignedPayment {
        try await call { () throws(PayoutFailure) in try await wallet.sign(rows, spending: coins, feeRate: feeRate) }
    }

    func lock(_ transaction: PayoutTransaction) async throws(PayoutFailure) {
        try await call { () throws(PayoutFailure) in try await wallet.lock(transaction) }
    }

    func broadcast(_ transaction: PayoutTransaction) async throws(PayoutFailure) {
        try await call { () throws(PayoutFailure) in try await wallet.broadcast(transaction) }
    }

    func standing(of transactions: [PayoutTransaction]) async throws(PayoutFailure) -> PaymentStanding {
        try await call { () throws(PayoutFailure) in try await wallet.standing(of: transactions) }
    }
}
