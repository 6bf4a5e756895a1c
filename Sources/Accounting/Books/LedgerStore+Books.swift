extension LedgerStore.Writer {
    /// The row of the pool's own account, whose name is empty.
    func rowOfPool(at time: Int64) throws(LedgerError) -> Int64 {
        try rowOfAccount("", at: time)
    }

    /// Writes moves as one entry and brings the balances with them.
    func book(
        _ kind: EntryKind,
        _ moves: [Move],
        chain: Int64,
        round: Int64? = nil,
        payout: Int64? = nil,
        at time: Int64
    ) throws(LedgerError) {
        if moves.isEmpty { return }
        let entry = try database.first(
            "INSERT INTO entry (chain, kind, round, payout, time) VALUES ($1, $2, $3, $4, $5) RETURNING id",
            [.integer(chain), .text(kind.rawValue), SQLValue(round), SQLValue(payout), .integer(time)]
        ) { $0.integer(0) }
        guard let entry else { throw .store("an entry was not numbered") }
        try database.runEach(
            """
            INSERT INTO booking (entry, position, from_account, from_kind, to_account, to_kind, amount0, amount1, amount2)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
            """,
            count: moves.count
        ) { index in
            let move = moves[index]
            return [
                .integer(entry), .integer(Int64(index)), .integer(move.from.account), .text(move.from.kind.rawValue),
                .integer(move.to.account), .text(move.to.kind.rawValue),
            ] + Limbs(move.amount).values
        }
        try addToBalances(moves, chain: chain)
    }

    private func addToBalances(_ moves: [Move], chain: Int64) throws(LedgerError) {
        var sums: [Book: (into: UInt128, out: UInt128)] = [:]
        for move in moves {
            sums[move.from, default: (0, 0)].out += move.amount
            sums[move.to, default: (0, 0)].into += move.amount
        }
        let books = sums.keys.sorted { ($0.account, $0.kind.rawValue) < ($1.account, $1.kind.rawValue) }
        try database.runEach(
            """
            INSERT INTO balance (chain, account, kind, into0, into1, into2, out0, out1, out2) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
            ON CONFLICT (chain, account, kind) DO UPDATE SET
                into0 = balance.into0 + excluded.into0, into1 = balance.into1 + excluded.into1, into2 = balance.into2 + excluded.into2,
                out0 = balance.out0 + excluded.out0, out1 = balance.out1 + excluded.out1, out2 = balance.out2 + excluded.out2
            """,
            count: books.count
        ) { index in
            let sum = sums[books[index]] ?? (0, 0)
            return [.integer(chain), .integer(books[index].account), .text(books[index].kind.rawValue)]
                + Limbs(sum.into).values + Limbs(sum.out).values
        }
    }
}

extension Database {
    /// All moves of a round's entries, in their order.
    func moves(ofRound round: Int64) throws(LedgerError) -> [Move] {
        try all(
            """
            SELECT b.from_account, b.from_kind, b.to_account, b.to_kind, b.amount0, b.amount1, b.amount2
            FROM booking b JOIN entry e ON e.id = b.entry WHERE e.round = $1 ORDER BY b.entry, b.position
            """,
            [.integer(round)],
            Move.init(row:)
        )
    }
}

extension Move {
    /// From two accounts, each with its kind, and an amount.
    init(row: any SQLRow) throws(LedgerError) {
        guard let from = BookKind(rawValue: row.text(1)), let to = BookKind(rawValue: row.text(3)) else {
            throw .store("a booking names an unknown kind of book")
        }
        self.init(from: Book(account: row.integer(0), kind: from), to: Book(account: row.integer(2), kind: to), amount: try row.limbs(4))
    }
}

extension LedgerStore {
    /// The balance of a book as money in less money out.
    static func balance(_ row: any SQLRow, _ column: Int) throws(LedgerError) -> Int128 {
        Int128(try row.limbs(column)) - Int128(try row.limbs(column + 3))
    }

    func balances(account: String?) throws(LedgerError) -> [AccountBalance] {
        try read { database throws(LedgerError) in
            var balances: [AccountBalance] = []
            try database.query(
                """
                SELECT a.name, c.name, b.kind, b.into0, b.into1, b.into2, b.out0, b.out1, b.out2
                FROM balance b JOIN account a ON a.id = b.account JOIN chain c ON c.id = b.chain
                WHERE CAST($1 AS TEXT) IS NULL OR a.name = $1
                ORDER BY a.name, c.name
                """,
                [SQLValue(account)]
            ) { row throws(LedgerError) in
                if balances.last?.account != row.text(0) || balances.last?.chain != row.text(1) {
                    balances.append(AccountBalance(account: row.text(0), chain: row.text(1)))
                }
                if let kind = BookKind(rawValue: row.text(2)) { balances[balances.count - 1].set(kind, try Self.balance(row, 3)) }
            }
            return balances
        }
    }
}

/// What an account has on one chain, in the chain's smallest unit.
public struct AccountBalance: Sendable, Equatable {
    /// Empty for the pool's own account.
    public let account: String
    public let chain: String
    /// Credited of blocks that are not mature.
    public private(set) var immature: Int128 = 0
    /// To be paid out. Below zero when a block was orphaned after it had been paid.
    public private(set) var payable: Int128 = 0
    /// In a payout that is not confirmed.
    public private(set) var sending: Int128 = 0
    public private(set) var paid: Int128 = 0
    /// Spent on fees of transactions that paid accounts: by the account, or by the pool for all of them.
    public private(set) var spent: Int128 = 0
    /// The pool's book with the chain: minus all rewards that stand.
    public private(set) var reward: Int128 = 0

    init(account: String, chain: String) {
        self.account = account
        self.chain = chain
    }

    mutating func set(_ kind: BookKind, _ amount: Int128) {
        switch kind {
        case .reward: reward = amount
        case .immature: immature = amount
        case .payable: payable = amount
        case .sending: sending = amount
        case .paid: paid = amount
        case .spent: spent = amount
        }
    }
}
