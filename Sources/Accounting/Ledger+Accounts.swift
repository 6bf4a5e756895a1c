/// An account on record.
public struct AccountRecord: Sendable, Equatable {
    /// Its payout address on the parent chain; empty for the pool's own account.
    public let name: String
    /// Milliseconds of Unix time.
    public let created: Int64
    public internal(set) var workers: Int
    /// Where it is paid on other chains.
    public internal(set) var addresses: [String: String] = [:]
    /// Fees of its own, by chain.
    public internal(set) var fees: [String: PartsPerMillion] = [:]
}

extension Ledger {
    /// Every account, in the order in which they came.
    public func accounts() throws(LedgerError) -> [AccountRecord] {
        try store.read { database throws(LedgerError) in try database.accounts() }
    }

    /// Whether an account is on record.
    public func hasAccount(_ name: String) throws(LedgerError) -> Bool {
        try store.read { database throws(LedgerError) in
            try database.first("SELECT id FROM account WHERE name = $1", [.text(name)]) { _ in true } ?? false
        }
    }

    /// Where an account is paid on an auxiliary chain from now on; its credits there waited for this.
    /// - Parameter signedAt: when the account's owner asked for it, milliseconds of Unix time; nil when an operator does.
    /// - Returns: false when the address was changed since: what was signed before must not come back.
    @discardableResult
    public func setAddress(_ address: String, account: String, chain: String, signedAt: Int64? = nil) throws(LedgerError) -> Bool {
        let time = now
        return try store.write { database, writer throws(LedgerError) in
            if let signedAt {
                let changed = try database.first(
                    """
                    SELECT d.changed FROM account_address d JOIN chain c ON c.id = d.chain JOIN account a ON a.id = d.account
                    WHERE c.name = $1 AND a.name = $2
                    """,
                    [.text(chain), .text(account)]
                ) { $0.integer(0) }
                if let changed, changed >= signedAt { return false }
            }
            try database.run(
                """
                INSERT INTO account_address (chain, account, address, changed) VALUES ($1, $2, $3, $4)
                ON CONFLICT (chain, account) DO UPDATE SET address = excluded.address, changed = excluded.changed
                """,
                [
                    .integer(try writer.row(ofChain: chain, at: time)), .integer(try writer.rowOfAccount(account, at: time)), .text(address),
                    // A clock that is ahead of this one signs in the future; the same text must not count a second time.
                    .integer(max(time, signedAt ?? time)),
                ]
            )
            return true
        }
    }
}

extension Database {
    fileprivate func accounts() throws(LedgerError) -> [AccountRecord] {
        var rows: [Int64: Int] = [:]
        var accounts: [AccountRecord] = []
        try query(
            """
            SELECT a.id, a.name, a.created, count(w.id) FROM account a LEFT JOIN worker w ON w.account = a.id
            GROUP BY a.id, a.name, a.created ORDER BY a.id
            """,
            []
        ) { row in
            rows[row.integer(0)] = accounts.count
            accounts.append(AccountRecord(name: row.text(1), created: row.integer(2), workers: Int(row.integer(3))))
        }
        try query("SELECT d.account, c.name, d.address FROM account_address d JOIN chain c ON c.id = d.chain", []) { row in
            if let index = rows[row.integer(0)] { accounts[index].addresses[row.text(1)] = row.text(2) }
        }
        try query("SELECT f.account, c.name, f.millionths FROM account_fee f JOIN chain c ON c.id = f.chain", []) { row in
            if let index = rows[row.integer(0)] { accounts[index].fees[row.text(1)] = PartsPerMillion(millionths: UInt64(row.integer(2))) }
        }
        return accounts
    }
}
