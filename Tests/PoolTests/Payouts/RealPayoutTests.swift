import Accounting
import Bitcoin
import Glibc
import Hashing
import JSON
import RealNodes
import Testing

@testable import Pool

/// Payouts by a real wallet on a real chain.
@Suite("Payouts against a real node", .enabled(if: RealNode.Kind.bitcoind.isAtHand, "BITCOIND names no bitcoind"), .serialized)
struct RealPayoutTests {
    /// A process of its own pays, and is killed before or after each of its calls to the wallet, which is between each pair of steps. The next
    /// start pays what is left. Nobody is paid twice, and nobody less.
    @Test func killedBetweenEachPairOfSteps() async throws {
        let wallets = try await RegtestWallets()
        let folder = try TemporaryFolder()
        var owed: [String: UInt128] = [:]
        var moment = 0
        while true {
            try await credit(&owed, moment, folder.path, wallets)
            let (url, path) = (wallets.node.url, folder.path)
            await #expect(processExitsWith: .signal(SIGKILL)) { [moment = moment as Int, url = url as String, path = path as String] in
                try await Self.pay(url: url, folder: path, dyingAt: moment)
            }
            let books = try PayoutBooks(folder: folder.path)
            let desk = PayoutDeskTests.desk(books, wallets.wallet())
            try await desk.proceed()
            do { _ = try await desk.pay(chain: PayoutBooks.chain) } catch { #expect(error == .nothingDue(chain: PayoutBooks.chain)) }
            try await wallets.mine(6)
            try await desk.proceed()
            for (address, amount) in owed {
                #expect(try await wallets.received(address) == amount, "killed at \(moment)")
                #expect(try books.balance(address)?.paid == Int128(amount), "killed at \(moment)")
            }
            try books.expectCleanAudit("killed at \(moment)")
            if access(path + Self.outlived, F_OK) == 0 { break }
            moment += 1
        }
        print("payouts: killed at \(moment) moments, \(owed.count) accounts, each paid once")
        #expect(moment > 14)
    }

    private func credit(_ owed: inout [String: UInt128], _ moment: Int, _ folder: String, _ wallets: RegtestWallets) async throws {
        let books = try PayoutBooks(folder: folder)
        var credits: [(account: String, amount: UInt128)] = []
        for index in 0..<3 { credits.append((try await wallets.minerAddress(), UInt128(1_234_567 + 1000 * moment + index))) }
        try books.credit(credits, block: "block\(moment)")
        for (address, amount) in credits { owed[address] = amount }
    }

    /// A file that tells that the process came to its end before its moment.
    private static let outlived = "/outlived"

    /// What the process does that is killed.
    private static func pay(url: String, folder: String, dyingAt moment: Int) async throws {
        let books = try PayoutBooks(folder: folder)
        let client = RegtestWallets.client(url, "pool")
        let wallet = DoomedWallet(NodeWallet(client: client, accountsBearFee: false), diesAt: moment) {
            kill(getpid(), SIGKILL)
            return .node(.cancelled)
        }
        let desk = PayoutDeskTests.desk(books, wallet)
        _ = try await desk.pay(chain: PayoutBooks.chain)
        try await RegtestWallets.mine(6, client)
        try await desk.proceed()
        guard try books.ledger.openPayouts(chain: PayoutBooks.chain).isEmpty else { throw PayoutFailure.overtaken }
        close(creat(folder + outlived, 0o600))
        kill(getpid(), SIGKILL)
    }

    @Test func bumpedByThePoolAndByHand() async throws {
        let wallets = try await RegtestWallets()
        let folder = try TemporaryFolder()
        let books = try PayoutBooks(folder: folder.path)
        let desk = PayoutDeskTests.desk(books, wallets.wallet())
        let address = try await wallets.minerAddress()
        for (number, byHand) in [false, true].enumerated() {
            try books.credit([(address, 2_000_000)], block: "block\(number)")
            let sent = try await desk.pay(chain: PayoutBooks.chain)
            let first = try #require(sent.first?.transaction)
            if byHand {
                _ = try await wallets.pool.call("bumpfee", [.string(first.txid), ["fee_rate": 40]])
            } else {
                let bumped = try await desk.replace(sent[0].id, feeRate: 30)
                #expect(bumped.state == .sent)
                #expect(try #require(bumped.transaction).fee > first.fee)
            }
            try await wallets.mine(6)
            try await desk.proceed()
            #expect(try await wallets.received(address) == UInt128(2_000_000 * (number + 1)))
            #expect(try books.balance(address)?.paid == Int128(2_000_000 * (number + 1)))
            try books.expectCleanAudit()
        }
    }

    @Test func coinsThatTheOperatorSpent() async throws {
        let wallets = try await RegtestWallets()
        let folder = try TemporaryFolder()
        let books = try PayoutBooks(folder: folder.path)
        let desk = PayoutDeskTests.desk(books, wallets.wallet())
        let address = try await wallets.minerAddress()
        try books.credit([(address, 2_000_000)], block: "a")
        let sent = try await desk.pay(chain: PayoutBooks.chain)
        // A transaction of his own with the same coins, straight into a block: the payout's can never confirm.
        let coins = try Transaction(parsing: try #require(sent[0].transaction).bytes).inputs.map(\.previousOutput)
        let inputs = JSONValue.array(coins.map { ["txid": .string($0.txid.displayHex), "vout": JSONValue($0.index)] })
        let own = try #require(try await wallets.pool.call("getnewaddress").string)
        let blank = try await wallets.pool.call("createrawtransaction", [inputs, [[own: "1"]]])
        let funded = try await wallets.pool.call("fundrawtransaction", [blank, ["fee_rate": 50]])
        let signed = try await wallets.pool.call("signrawtransactionwithwallet", [try #require(funded["hex"])])
        _ = try await wallets.pool.call("generateblock", [.string(own), [try #require(signed["hex"])]])
        try await wallets.mine(5)
        try await desk.proceed()
        #expect(try books.balance(address)?.payable == 2_000_000)
        try books.expectCleanAudit()
        _ = try await desk.pay(chain: PayoutBooks.chain)
        try await wallets.mine(6)
        try await desk.proceed()
        #expect(try await wallets.received(address) == 2_000_000)
        #expect(try books.balance(address)?.paid == 2_000_000)
        try books.expectCleanAudit()
    }

    @Test func accountsThatBearTheFee() async throws {
        let wallets = try await RegtestWallets()
        let folder = try TemporaryFolder()
        let books = try PayoutBooks(folder: folder.path)
        let settings = PayoutSettings(minimum: 10_000, feeRate: 20, feeFrom: .accounts)
        let desk = PayoutDeskTests.desk(books, wallets.wallet(settings), [PayoutBooks.chain: settings])
        let address = try await wallets.minerAddress()
        try books.credit([(address, 2_000_000)], block: "a")
        _ = try await desk.pay(chain: PayoutBooks.chain)
        try await wallets.mine(6)
        try await desk.proceed()
        let balance = try #require(try books.balance(address))
        #expect(balance.spent > 0)
        #expect(balance.paid + balance.spent == 2_000_000)
        #expect(try await wallets.received(address).map { Int128($0) } == balance.paid)
        try books.expectCleanAudit()
    }
}
