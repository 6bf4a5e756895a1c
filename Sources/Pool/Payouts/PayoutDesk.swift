import Accounting
import Bitcoin
import Hashing

/// Pays the accounts of the chains whose wallets the pool drives, and keeps book of what others pay.
///
/// Every step is stored before the next is taken, and each may be taken twice: rows are fixed and their money set aside; the signed transaction
/// is stored; its coins are locked; it goes to the network; it is followed until it is final. After a crash the same bytes go out again.
actor PayoutDesk {
    let ledger: Ledger
    /// For what anybody may ask.
    let lane: LedgerLane
    private let wallets: [String: any PayoutWallet]
    private var settings: [String: PayoutSettings]
    private var isWorking = false
    /// Why a payout did not go on when it was last tried.
    private var troubles: [Int64: PayoutFailure] = [:]
    private let log = Log("payout")

    /// - Parameters:
    ///   - wallets: by chain, of those that the pool drives.
    ///   - settings: by chain.
    init(
        ledger: Ledger,
        lane: LedgerLane = LedgerLane(named: "payouts"),
        wallets: [String: any PayoutWallet],
        settings: [String: PayoutSettings]
    ) {
        self.ledger = ledger
        self.lane = lane
        self.wallets = wallets
        self.settings = settings
    }

    /// Takes up what a former run left, then follows what is under way, for ever.
    func run(every pause: Duration = .seconds(30)) async {
        while !Task.isCancelled {
            try? await proceed()
            try? await Task.sleep(for: pause)
        }
    }

    /// Holds for payouts that are planned or signed from now on.
    func adopt(_ settings: [String: PayoutSettings]) { self.settings = settings }

    func trouble(of payout: Int64) -> PayoutFailure? { troubles[payout] }

    /// The parent chain's name first.
    var chains: [String] { [Ledger.parentChain] + settings.keys.filter { $0 != Ledger.parentChain }.sorted() }

    func hasWallet(_ chain: String) -> Bool { wallets[chain] != nil }

    // MARK: What an operator asks

    func plan(chain: String) throws(PayoutFailure) -> PayoutPlan {
        let settings = settings(of: chain)
        return try stored { () throws(LedgerError) in try ledger.planPayout(chain: chain, minimum: settings.minimum, limit: settings.limit) }
    }

    /// Pays everybody who is due on a chain. Payouts that were begun come first.
    /// - Returns: the payouts that are under way now and were not before.
    func pay(chain: String) async throws(PayoutFailure) -> [Payout] {
        guard let wallet = wallets[chain] else { throw .noWallet(chain: chain) }
        return try await alone { () throws(PayoutFailure) in
            for payout in try open(chain) { try await advance(payout, wallet) }
            var sent: [Payout] = []
            while true {
                let rows = try await payable(chain, wallet)
                if rows.isEmpty { break }
                let opened = try stored { () throws(LedgerError) in try ledger.openPayout(chain: chain, rows: rows, isOutside: false) }
                guard let opened else { throw .overtaken }
                log.info("\(chain) payout \(opened.id): \(rows.count) accounts, \(opened.amount) in all")
                sent.append(try await advance(opened, wallet))
            }
            if sent.isEmpty { throw .nothingDue(chain: chain) }
            return sent
        }
    }

    /// Fixes who is paid outside the pool; the same rows again until they are settled or cancelled.
    func openOutside(chain: String) throws(PayoutFailure) -> Payout {
        if let open = try open(chain).first(where: { $0.state == .outside }) { return open }
        let rows = try plan(chain: chain).rows
        if rows.isEmpty { throw .nothingDue(chain: chain) }
        guard let opened = try stored({ () throws(LedgerError) in try ledger.openPayout(chain: chain, rows: rows, isOutside: true) }) else {
            throw .overtaken
        }
        return opened
    }

    /// Books the chain's payout that was paid outside.
    func settleOutside(chain: String, txid: String) throws(PayoutFailure) -> Payout {
        guard let open = try open(chain).first(where: { $0.state == .outside }) else {
            throw .notThere("no payout of \(chain) is to be paid outside the pool")
        }
        let isSettled = try stored { () throws(LedgerError) in try ledger.settlePayout(open.id, txid: txid) }
        guard isSettled else { throw .overtaken }
        log.info("\(chain) payout \(open.id): paid outside by \(txid)")
        return open
    }

    /// Gives the money of a payout back that cannot be on the network.
    func giveBack(_ id: Int64) throws(PayoutFailure) {
        let isCancelled = try stored { () throws(LedgerError) in try ledger.cancelPayout(id) }
        guard isCancelled else { throw .notThere("payout \(id) is not there, has ended, or has a transaction that may be on the network") }
        log.info("payout \(id): cancelled")
    }

    /// Puts another transaction in the place of a payout's last one: the same coins to the same accounts, at a higher price.
    /// - Parameter feeRate: satoshi per virtual byte; nil leaves it to the node.
    func replace(_ id: Int64, feeRate: Double?) async throws(PayoutFailure) -> Payout {
        try await alone { () throws(PayoutFailure) in
            let payouts = try stored { () throws(LedgerError) in try ledger.payouts(states: [.signed, .sent], limit: .max) }
            guard let payout = payouts.first(where: { $0.id == id }), let wallet = wallets[payout.chain], let last = payout.transactions.last else {
                throw .notThere("no payout \(id) with a transaction is under way")
            }
            let coins = try coins(of: last)
            return try await advance(try await sign(payout, wallet, spending: coins, feeRate: feeRate, replacing: last.txid), wallet)
        }
    }

    // MARK: Steps

    /// Takes every open payout as far as it goes now.
    func proceed() async throws(PayoutFailure) {
        try await alone { () throws(PayoutFailure) in
            for (chain, wallet) in wallets {
                for payout in try open(chain) {
                    do throws(PayoutFailure) {
                        let advanced = try await advance(payout, wallet)
                        if advanced.state == .signed || advanced.state == .sent { try await follow(advanced, wallet) }
                        troubles[payout.id] = nil
                    } catch {
                        if troubles.updateValue(error, forKey: payout.id) != error { log.warning("\(chain) payout \(payout.id): \(error)") }
                    }
                }
            }
        }
    }

    /// Signs what is planned, locks and sends what is signed.
    @discardableResult
    private func advance(_ payout: Payout, _ wallet: any PayoutWallet) async throws(PayoutFailure) -> Payout {
        var payout = payout
        if payout.state == .planned { payout = try await sign(payout, wallet, spending: [], feeRate: settings(of: payout.chain).feeRate) }
        guard payout.state == .signed, let last = payout.transactions.last else { return payout }
        try await wallet.lock(last)
        do throws(PayoutFailure) {
            try await wallet.broadcast(last)
        } catch .refused(let words) {
            // Another transaction may have spent its coins; whoever follows it sees.
            troubles[payout.id] = .refused(words)
            log.warning("\(payout.chain) payout \(payout.id): the network does not take \(last.txid): \(words)")
            return payout
        }
        try stored { () throws(LedgerError) in try ledger.markPayoutSent(payout.id) }
        log.info("\(payout.chain) payout \(payout.id): sent as \(last.txid)")
        return try refreshed(payout)
    }

    /// Makes a transaction, checks what it pays, and stores it.
    private func sign(
        _ payout: Payout,
        _ wallet: any PayoutWallet,
        spending coins: [OutPoint],
        feeRate: Double?,
        replacing: String? = nil
    ) async throws(PayoutFailure) -> Payout {
        let scripts = try await wallet.scripts(of: payout.rows.map(\.address))
        let payment = try await wallet.sign(payout.rows, spending: coins, feeRate: feeRate)
        guard Set(coins).isSubset(of: payment.transaction.inputs.map(\.previousOutput)) else { throw .wrongTransaction("it spends other coins") }
        let reading = PaymentReading(rows: payout.rows, scripts: scripts)
        let fees = try reading.fees(
            of: payment.transaction,
            fee: payment.fee,
            accountsBearFee: settings(of: payout.chain).feeFrom == .accounts
        )
        let transaction = PayoutTransaction(txid: payment.transaction.txid.displayHex, bytes: payment.bytes, fee: payment.fee)
        let signed = try stored { () throws(LedgerError) in
            try ledger.signPayout(payout.id, transaction, fees: fees, replacing: replacing)
        }
        guard let signed else { throw .overtaken }
        return signed
    }

    /// Looks where the chain stands with a payout's transactions.
    private func follow(_ payout: Payout, _ wallet: any PayoutWallet) async throws(PayoutFailure) {
        switch try await wallet.standing(of: payout.transactions) {
        case .waiting(isKnown: true): break
        case .waiting(isKnown: false):
            // A node that was restarted, or whose pool of transactions is full, forgets; the same bytes again.
            if let last = payout.transactions.last, payout.state == .sent { try await wallet.broadcast(last) }
        case .mined(let found):
            guard found.confirmations >= settings(of: payout.chain).confirmations else { return }
            try await conclude(payout, found, wallet)
        }
    }

    private func conclude(_ payout: Payout, _ found: SpendingTransaction, _ wallet: any PayoutWallet) async throws(PayoutFailure) {
        let own = payout.transactions.first { $0.txid == found.txid }
        let reading = PaymentReading(rows: payout.rows, scripts: try await wallet.scripts(of: payout.rows.map(\.address)))
        let fees = reading.fees(of: found.transaction, isOwn: own != nil)
        var transaction = own ?? PayoutTransaction(txid: found.txid, bytes: [], fee: found.fee ?? 0)
        if let fee = found.fee { transaction.fee = fee }
        let isNews = try stored { () throws(LedgerError) in try ledger.confirmPayout(payout.id, transaction, fees: fees) }
        guard isNews else { return }
        let unpaid = fees.count { $0 == nil }
        if unpaid == 0 {
            log.info("\(payout.chain) payout \(payout.id): paid by \(found.txid)")
        } else {
            log.warning("\(payout.chain) payout \(payout.id): \(found.txid) spent its coins; \(unpaid) of \(fees.count) accounts are payable again")
        }
    }

    // MARK: Helpers

    /// Who is paid next, without those whose address the chain does not know.
    private func payable(_ chain: String, _ wallet: any PayoutWallet) async throws(PayoutFailure) -> [PayoutRow] {
        let rows = try plan(chain: chain).rows
        let scripts = try await wallet.scripts(of: rows.map(\.address))
        for row in rows where scripts[row.address] == nil { log.warning("\(chain): \(row.address) of account \(row.account) is no address there") }
        return rows.filter { scripts[$0.address] != nil }
    }

    /// Requests wait for a node in between; two must not mix.
    private func alone<Result: Sendable>(_ body: () async throws(PayoutFailure) -> Result) async throws(PayoutFailure) -> Result {
        if isWorking { throw .busy }
        isWorking = true
        defer { isWorking = false }
        return try await body()
    }

    func settings(of chain: String) -> PayoutSettings { settings[chain] ?? PayoutSettings() }

    private func open(_ chain: String) throws(PayoutFailure) -> [Payout] {
        try stored { () throws(LedgerError) in try ledger.openPayouts(chain: chain) }
    }

    private func refreshed(_ payout: Payout) throws(PayoutFailure) -> Payout {
        try open(payout.chain).first { $0.id == payout.id } ?? payout
    }

    private func coins(of transaction: PayoutTransaction) throws(PayoutFailure) -> [OutPoint] {
        do {
            return try Transaction(parsing: transaction.bytes).inputs.map(\.previousOutput)
        } catch {
            throw .wrongTransaction("\(error)")
        }
    }

    private func stored<Result>(_ body: () throws(LedgerError) -> Result) throws(PayoutFailure) -> Result {
        do throws(LedgerError) {
            return try body()
        } catch {
            throw .ledger(error)
        }
    }
}
