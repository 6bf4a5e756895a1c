import Accounting
import Bitcoin
import Synchronization
import Testing

@testable import Pool

@Suite("Payouts pay everyone once")
struct PayoutDeskTests {
    static let settings = [PayoutBooks.chain: PayoutSettings(minimum: 10_000)]

    static func desk(_ books: PayoutBooks, _ wallet: any PayoutWallet, _ settings: [String: PayoutSettings] = settings) -> PayoutDesk {
        PayoutDesk(ledger: books.ledger, wallets: [PayoutBooks.chain: wallet], settings: settings)
    }

    @Test func fromPlanToPaid() async throws {
        let folder = try TemporaryFolder()
        let books = try PayoutBooks(folder: folder.path)
        try books.credit([("alice", 7_000_000_001), ("bob", 9_999), ("carol", 10_000), ("?dave", 50_000)], block: "a")
        let wallet = FakeWallet()
        let desk = Self.desk(books, wallet)
        let sent = try await desk.pay(chain: PayoutBooks.chain)
        #expect(sent.map { $0.rows.map(\.account) } == [["alice", "carol"]])
        #expect(try books.balance("alice")?.sending == 7_000_000_001)
        #expect(try books.balance("bob")?.payable == 9_999, "less than the minimum")
        #expect(try books.balance("?dave")?.payable == 50_000, "an address that the chain does not know")
        try await desk.proceed()
        #expect(try books.balance("alice")?.sending == 7_000_000_001, "not in a block yet")
        wallet.mine(5)
        try await desk.proceed()
        #expect(try books.balance("alice")?.sending == 7_000_000_001, "not deep enough yet")
        wallet.mine(1)
        try await desk.proceed()
        #expect(try books.balance("alice")?.paid == 7_000_000_001)
        #expect(try books.balance("alice")?.sending == 0)
        #expect(wallet.received("alice") == 7_000_000_001)
        #expect(wallet.received("carol") == 10_000)
        #expect(try books.balance("")?.spent == 1000, "the network's fee is the pool's")
        try books.expectCleanAudit()
        await #expect(throws: PayoutFailure.nothingDue(chain: PayoutBooks.chain)) { try await desk.pay(chain: PayoutBooks.chain) }
    }

    @Test func accountsMayBearTheFee() async throws {
        let folder = try TemporaryFolder()
        let books = try PayoutBooks(folder: folder.path)
        try books.credit([("alice", 100_000), ("bob", 200_000)], block: "a")
        let wallet = FakeWallet(accountsBearFee: true)
        let desk = Self.desk(books, wallet, [PayoutBooks.chain: PayoutSettings(minimum: 10_000, feeFrom: .accounts)])
        _ = try await desk.pay(chain: PayoutBooks.chain)
        wallet.mine(6)
        try await desk.proceed()
        #expect(wallet.received("alice") == 99_500)
        #expect(try books.balance("alice")?.paid == 99_500)
        #expect(try books.balance("alice")?.spent == 500)
        #expect(try books.balance("")?.spent ?? 0 == 0)
        try books.expectCleanAudit()
    }

    /// The pool dies before and after every call to the wallet, which is between each pair of steps, and starts again.
    @Test func whateverMomentThePoolDies() async throws {
        let folder = try TemporaryFolder()
        let wallet = FakeWallet()
        var owed: [String: Int64] = [:]
        var moment = 0
        while true {
            let isOver = try await Self.die(at: moment, folder.path, wallet, &owed)
            let books = try PayoutBooks(folder: folder.path)
            let desk = Self.desk(books, wallet)
            try await desk.proceed()
            do { _ = try await desk.pay(chain: PayoutBooks.chain) } catch { #expect(error == .nothingDue(chain: PayoutBooks.chain)) }
            wallet.mine(6)
            try await desk.proceed()
            for (account, amount) in owed {
                #expect(wallet.received(account) == amount, "died at \(moment)")
                #expect(try books.balance(account)?.paid == Int128(amount), "died at \(moment)")
            }
            try books.expectCleanAudit("died at \(moment)")
            if isOver { break }
            moment += 1
        }
        #expect(moment > 14, "the moments include those around signing, locking, sending and following")
    }

    /// Credits two new accounts and pays them until the pool dies. True when it outlived the moment.
    private static func die(at moment: Int, _ folder: String, _ wallet: FakeWallet, _ owed: inout [String: Int64]) async throws -> Bool {
        let books = try PayoutBooks(folder: folder)
        for (index, amount) in [3_000_000_000, 12_345 + Int64(moment)].enumerated() {
            owed["account\(moment)-\(index)"] = amount
        }
        try books.credit(owed.filter { $0.key.hasPrefix("account\(moment)-") }.map { ($0.key, UInt128($0.value)) }, block: "block\(moment)")
        let doomed = DoomedWallet(wallet, diesAt: moment) { .node(.cancelled) }
        let desk = desk(books, doomed)
        _ = try? await desk.pay(chain: PayoutBooks.chain)
        wallet.mine(6)
        try? await desk.proceed()
        return !doomed.isDead
    }

    @Test func whatSomethingElseSpentIsPayableAgain() async throws {
        let folder = try TemporaryFolder()
        let books = try PayoutBooks(folder: folder.path)
        try books.credit([("alice", 40_000), ("bob", 50_000)], block: "a")
        let wallet = FakeWallet()
        let desk = Self.desk(books, wallet)
        let sent = try await desk.pay(chain: PayoutBooks.chain)
        // The operator spends the same coins on alice and on something of his own.
        let coins = try FakeWallet.parsed(try #require(sent[0].transaction).bytes).inputs
        let other = Transaction(
            inputs: coins,
            outputs: [
                TransactionOutput(value: 1, script: FakeWallet.script("elsewhere")),
                TransactionOutput(value: 40_000, script: FakeWallet.script("alice")),
            ]
        )
        try wallet.take(other)
        wallet.mine(6)
        try await desk.proceed()
        #expect(try books.balance("alice")?.paid == 40_000)
        #expect(try books.balance("bob")?.payable == 50_000)
        try books.expectCleanAudit()
        _ = try await desk.pay(chain: PayoutBooks.chain)
        wallet.mine(6)
        try await desk.proceed()
        #expect(wallet.received("alice") == 40_000)
        #expect(wallet.received("bob") == 50_000)
        try books.expectCleanAudit()
    }

    @Test func aReplacementSpendsTheSameCoins() async throws {
        let folder = try TemporaryFolder()
        let books = try PayoutBooks(folder: folder.path)
        try books.credit([("alice", 40_000)], block: "a")
        let wallet = FakeWallet()
        let desk = Self.desk(books, wallet)
        let sent = try await desk.pay(chain: PayoutBooks.chain)
        let bumped = try await desk.replace(sent[0].id, feeRate: 5)
        #expect(bumped.transactions.map(\.state) == [.replaced, .sent])
        #expect(wallet.state.withLock { $0.pending.count } == 1)
        wallet.mine(6)
        try await desk.proceed()
        #expect(wallet.received("alice") == 40_000)
        #expect(try books.balance("")?.spent == 5000)
        try books.expectCleanAudit()
        await #expect(throws: PayoutFailure.self) { try await desk.replace(sent[0].id, feeRate: 9) }
    }

    @Test func aForgetfulNodeGetsTheSameBytesAgain() async throws {
        let folder = try TemporaryFolder()
        let books = try PayoutBooks(folder: folder.path)
        try books.credit([("alice", 40_000)], block: "a")
        let wallet = FakeWallet()
        let desk = Self.desk(books, wallet)
        _ = try await desk.pay(chain: PayoutBooks.chain)
        wallet.state.withLock { $0.pending = [] }
        try await desk.proceed()
        wallet.mine(6)
        try await desk.proceed()
        #expect(try books.balance("alice")?.paid == 40_000)
        #expect(wallet.state.withLock { $0.signatures } == 1)
    }

    @Test func whatIsPaidOutside() async throws {
        let folder = try TemporaryFolder()
        let books = try PayoutBooks(folder: folder.path)
        try books.credit([("alice", 40_000), ("bob", 50_000)], chain: "rootstock", block: "a")
        let desk = Self.desk(books, FakeWallet())
        await #expect(throws: PayoutFailure.noWallet(chain: "rootstock")) { try await desk.pay(chain: "rootstock") }
        await #expect(throws: PayoutFailure.nothingDue(chain: "rootstock")) { try await desk.openOutside(chain: "rootstock") }
        #expect(try await desk.plan(chain: "rootstock").homeless.isEmpty, "both are below the minimum")
    }
}
