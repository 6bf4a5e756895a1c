import Accounting
import Bitcoin
import Hashing
import Synchronization

@testable import Pool

/// A wallet with a chain of its own in memory, which refuses what a network refuses.
final class FakeWallet: PayoutWallet {
    struct State {
        /// Coins of 50 by their number.
        var coins: Set<UInt32> = Set(0..<1_000)
        var locked: Set<UInt32> = []
        var pending: [Transaction] = []
        var blocks: [[Transaction]] = []
        var signatures = 0
    }

    static let coin: Int64 = 5_000_000_000
    let accountsBearFee: Bool
    let state = Mutex(State())

    init(accountsBearFee: Bool = false) {
        self.accountsBearFee = accountsBearFee
    }

    /// An address's script is its text; one that begins with `?` is unknown.
    static func script(_ address: String) -> Script { Script(Array(address.utf8)) }

    func scripts(of addresses: [String]) async throws(PayoutFailure) -> [String: Script] {
        Dictionary(addresses.filter { !$0.hasPrefix("?") }.map { ($0, Self.script($0)) }) { first, _ in first }
    }

    func sign(_ rows: [PayoutRow], spending coins: [OutPoint], feeRate: Double?) async throws(PayoutFailure) -> SignedPayment {
        state.withLock { state in
            state.signatures += 1
            // Each signing takes other coins, as a wallet may: two transactions for one payout would both confirm.
            let wanted = rows.reduce(0) { $0 + $1.amount }
            let fee = UInt128((feeRate ?? 1) * 1000)
            var inputs = coins
            var free = state.coins.subtracting(state.locked).sorted().shuffled()[...]
            while UInt128(inputs.count) * UInt128(Self.coin) < wanted + fee, let next = free.popFirst() {
                inputs.append(OutPoint(txid: .sha256d([0].span), index: next))
            }
            let share = accountsBearFee ? fee / UInt128(rows.count) : 0
            var outputs = rows.map { TransactionOutput(value: Int64($0.amount - share), script: Self.script($0.address)) }
            let paid = outputs.reduce(0) { $0 + $1.value }
            outputs.append(TransactionOutput(value: Int64(inputs.count) * Self.coin - paid - Int64(fee), script: Self.script("change")))
            let transaction = Transaction(inputs: inputs.map { TransactionInput(previousOutput: $0) }, outputs: outputs)
            return SignedPayment(bytes: transaction.serialized, transaction: transaction, fee: fee)
        }
    }

    func lock(_ transaction: PayoutTransaction) async throws(PayoutFailure) {
        let coins = try Self.parsed(transaction.bytes).inputs.map(\.previousOutput.index)
        state.withLock { $0.locked.formUnion(coins) }
    }

    func broadcast(_ transaction: PayoutTransaction) async throws(PayoutFailure) {
        try take(try Self.parsed(transaction.bytes))
    }

    /// What the network does with a transaction, whoever sends it: one that spends a pending one's coins takes its place.
    func take(_ transaction: Transaction) throws(PayoutFailure) {
        let isSpent = state.withLock { state in
            if state.blocks.joined().contains(transaction) || state.pending.contains(transaction) { return false }
            let coins = transaction.inputs.map(\.previousOutput.index)
            guard coins.allSatisfy(state.coins.contains) else { return true }
            state.pending.removeAll { !Set($0.inputs.map(\.previousOutput.index)).isDisjoint(with: coins) }
            state.pending.append(transaction)
            return false
        }
        if isSpent { throw .refused("bad-txns-inputs-missingorspent") }
    }

    func mine(_ count: Int) {
        state.withLock { state in
            for _ in 0..<count {
                state.coins.subtract(state.pending.flatMap { $0.inputs.map(\.previousOutput.index) })
                state.blocks.append(state.pending)
                state.pending = []
            }
        }
    }

    func standing(of transactions: [PayoutTransaction]) async throws(PayoutFailure) -> PaymentStanding {
        var coins: Set<OutPoint> = []
        for transaction in transactions { coins.formUnion(try Self.parsed(transaction.bytes).inputs.map(\.previousOutput)) }
        return state.withLock { state in
            for (height, block) in state.blocks.enumerated() {
                for transaction in block where transaction.inputs.contains(where: { coins.contains($0.previousOutput) }) {
                    let spent = Int64(transaction.inputs.count) * Self.coin
                    return .mined(
                        SpendingTransaction(
                            txid: transaction.txid.displayHex,
                            confirmations: Int64(state.blocks.count - height),
                            transaction: transaction,
                            fee: UInt128(spent - transaction.outputs.reduce(0) { $0 + $1.value })
                        )
                    )
                }
            }
            return .waiting(isKnown: transactions.contains { one in state.pending.contains { $0.txid.displayHex == one.txid } })
        }
    }

    /// What the chain paid to an address, in blocks.
    func received(_ address: String) -> Int64 {
        state.withLock { state in
            state.blocks.joined().flatMap(\.outputs).filter { $0.script == Self.script(address) }.reduce(0) { $0 + $1.value }
        }
    }

    static func parsed(_ bytes: [UInt8]) throws(PayoutFailure) -> Transaction {
        do {
            return try Transaction(parsing: bytes)
        } catch {
            throw .wrongTransaction("\(error)")
        }
    }
}
