/// Recomputes the books: every booking from its round's rows, every balance from the bookings. One snapshot of the store, on a connection of
/// its own.
struct LedgerAudit {
    let database: any Database
    private let progress: (_ done: Int, _ total: Int) -> Void
    var report = AuditReport()
    private var chains: [Int64: String] = [:]
    private var accounts: [Int64: String] = [:]
    private(set) var pool: Int64 = 0
    /// What is left of less than a unit, by chain and account, after the rounds seen so far.
    private var carries: [Int64: [Int64: PerShareRate.Carry]] = [:]

    init(_ database: any Database, progress: @escaping (_ done: Int, _ total: Int) -> Void) {
        self.database = database
        self.progress = progress
    }

    /// The difference that ended an audit.
    struct Difference: Error {
        var text: String
    }

    private struct Round {
        var id: Int64
        var chain: Int64
        var number: Int64
        var state: RoundState?
        var scheme: String
        var rate: PerShareRate
        var reward: UInt128
        var root: [UInt8]
        var isOfBlock: Bool
    }

    mutating func run() throws(LedgerError) -> AuditReport {
        try database.execute(database.dialect.beginSnapshot)
        defer { try? database.execute("ROLLBACK") }
        try database.query("SELECT id, name FROM chain", []) { chains[$0.integer(0)] = $0.text(1) }
        try database.query("SELECT id, name FROM account", []) { accounts[$0.integer(0)] = $0.text(1) }
        pool = accounts.first { $0.value.isEmpty }?.key ?? 0
        var difference = try checkRounds()
        if difference == nil { difference = try checkCarries() }
        if difference == nil { difference = try checkPayouts() }
        if difference == nil { difference = try checkBalances() }
        report.difference = difference?.text
        return report
    }

    private mutating func checkRounds() throws(LedgerError) -> Difference? {
        let rounds = try database.all(
            """
            SELECT id, chain, number, state, shift, numerator0, numerator1, numerator2, reward0, reward1, reward2, root, block, scheme
            FROM round ORDER BY id
            """
        ) { row throws(LedgerError) in
            Round(
                id: row.integer(0),
                chain: row.integer(1),
                number: row.integer(2),
                state: RoundState(rawValue: row.text(3)),
                scheme: row.text(13),
                rate: PerShareRate(numerator: try row.limbs(5), shift: Int(row.integer(4))),
                reward: try row.limbs(8),
                root: row.blob(11),
                isOfBlock: !row.isNull(12)
            )
        }
        for (index, round) in rounds.enumerated() {
            if let difference = try check(round) { return difference }
            report.rounds += 1
            progress(index + 1, rounds.count)
        }
        return nil
    }

    private mutating func check(_ round: Round) throws(LedgerError) -> Difference? {
        let name = "round \(round.number) of \(chains[round.chain] ?? "?")"
        let (rows, accounts) = try database.rows(ofRound: round.id)
        report.rows += rows.count
        guard WeightTree(rows.map { ($0.account, $0.weight) }).root == round.root else {
            return Difference(text: "\(name): its rows do not have the root that was published")
        }
        guard let state = round.state else { return Difference(text: "\(name): unknown state") }
        let found = try database.moves(ofRound: round.id)
        report.bookings += found.count
        let wanted: [Move]
        switch state {
        case .weighed, .reversed: wanted = []
        case .immature, .payable:
            let distribution = Moves.distribution(of: round.reward, rows: rows, accounts: accounts, pool: pool)
            let isPaid = RewardScheme.isPaidByCoinbase(round.scheme, on: chains[round.chain] ?? "")
            wanted = state == .immature ? distribution : distribution + Moves.maturity(of: distribution, isPaid: isPaid, pool: pool)
        case .perShare:
            guard let amounts = pay(round, rows, accounts) else { return Difference(text: "\(name): what it pays is out of range") }
            guard amounts.reduce(0, +) == round.reward else { return Difference(text: "\(name): its rows earn another sum than it paid") }
            wanted = Moves.perShare(amounts, accounts: accounts, pool: pool)
        }
        return compare(Moves.net(found), Moves.net(wanted), name)
    }

    /// What a round paid per share, its accounts' carries moved on.
    private mutating func pay(_ round: Round, _ rows: [RoundRow], _ accounts: [Int64]) -> [UInt128]? {
        var amounts: [UInt128] = []
        for (row, account) in zip(rows, accounts) {
            let carry = carries[round.chain]?[account] ?? .none
            guard let paid = round.rate.pay(row.weight, fee: row.fee, carry: carry) else { return nil }
            amounts.append(paid.amount)
            carries[round.chain, default: [:]][account] = paid.carry
        }
        return amounts
    }

    private func checkCarries() throws(LedgerError) -> Difference? {
        var stored: [Int64: [Int64: PerShareRate.Carry]] = [:]
        try database.query("SELECT chain, account, part0, part1, part2 FROM carry", []) { row throws(LedgerError) in
            stored[row.integer(0), default: [:]][row.integer(1)] = PerShareRate.Carry(numerator: try row.limbs(2))
        }
        for (chain, carries) in stored {
            for (account, carry) in carries where carry != self.carries[chain]?[account] {
                return Difference(text: "\(self.name(account)) on \(chains[chain] ?? "?"): the fraction carried is not what its rounds left")
            }
        }
        return nil
    }

    private mutating func checkBalances() throws(LedgerError) -> Difference? {
        for (chain, name) in chains.sorted(by: { $0.key < $1.key }) {
            var booked: [Book: Int128] = [:]
            for (side, sign) in [("from", -1), ("to", 1)] as [(String, Int128)] {
                try database.query(
                    """
                    SELECT b.\(side)_account, b.\(side)_kind, CAST(sum(b.amount0) AS BIGINT), CAST(sum(b.amount1) AS BIGINT),
                        CAST(sum(b.amount2) AS BIGINT)
                    FROM booking b JOIN entry e ON e.id = b.entry WHERE e.chain = $1 GROUP BY b.\(side)_account, b.\(side)_kind
                    """,
                    [.integer(chain)]
                ) { row throws(LedgerError) in
                    guard let kind = BookKind(rawValue: row.text(1)) else { throw .store("a booking names an unknown kind of book") }
                    booked[Book(account: row.integer(0), kind: kind), default: 0] += sign * Int128(try row.limbs(2))
                }
            }
            var stored: [Book: Int128] = [:]
            try database.query(
                "SELECT account, kind, into0, into1, into2, out0, out1, out2 FROM balance WHERE chain = $1",
                [.integer(chain)]
            ) { row throws(LedgerError) in
                guard let kind = BookKind(rawValue: row.text(1)) else { throw .store("a balance names an unknown kind of book") }
                stored[Book(account: row.integer(0), kind: kind)] = try LedgerStore.balance(row, 2)
            }
            report.balances += stored.count
            if let difference = compare(stored, booked, "balance on \(name)") { return difference }
        }
        return nil
    }

    func compare(_ found: [Book: Int128], _ wanted: [Book: Int128], _ what: String) -> Difference? {
        let books = Set(found.keys).union(wanted.keys).sorted { ($0.account, $0.kind.rawValue) < ($1.account, $1.kind.rawValue) }
        for book in books where found[book] ?? 0 != wanted[book] ?? 0 {
            return Difference(
                text: "\(what): \(book.kind.rawValue) of \(name(book.account)) is \(found[book] ?? 0), recomputed \(wanted[book] ?? 0)"
            )
        }
        return nil
    }

    private func name(_ account: Int64) -> String {
        let name = accounts[account] ?? "account \(account)"
        return name.isEmpty ? "the pool" : name
    }
}

/// What an audit saw.
public struct AuditReport: Sendable, Equatable {
    public internal(set) var rounds = 0
    public internal(set) var rows = 0
    public internal(set) var payouts = 0
    public internal(set) var bookings = 0
    public internal(set) var balances = 0
    /// The first difference between the books and what they follow from; nil when there is none.
    public internal(set) var difference: String?

    public var isClean: Bool { difference == nil }
}

extension Ledger {
    /// Recomputes every booking from its round's rows and every balance from the bookings. Runs beside everything else.
    /// - Parameter progress: called after each round with the rounds done and all rounds.
    public func audit(progress: @escaping (_ done: Int, _ total: Int) -> Void = { _, _ in }) throws(LedgerError) -> AuditReport {
        var audit = LedgerAudit(try store.connect(), progress: progress)
        return try audit.run()
    }

    /// The proof that a closed round counted an account; nil when it did not, or there is no such round.
    public func proof(chain: String, round: Int64, account: String) throws(LedgerError) -> InclusionProof? {
        try store.read { database throws(LedgerError) in
            let found = try database.first(
                "SELECT r.id FROM round r JOIN chain c ON c.id = r.chain WHERE c.name = $1 AND r.number = $2",
                [.text(chain), .integer(round)]
            ) { $0.integer(0) }
            guard let found else { return nil }
            let tree = WeightTree(try database.rows(ofRound: found).rows.map { ($0.account, $0.weight) })
            guard let (weight, path) = tree.proof(of: account) else { return nil }
            return InclusionProof(
                chain: chain,
                round: round,
                account: account,
                weight: weight,
                total: tree.total,
                root: tree.root,
                path: path
            )
        }
    }
}
