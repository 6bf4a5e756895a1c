/// What PPS or FPPS pays on a chain.
public struct PublishedPay: Sendable, Equatable {
    /// Expected of a block, in the chain's smallest unit.
    public let reward: UInt128
    /// Expected hashes of a block.
    public let networkWeight: UInt128
}

extension Ledger {
    /// What ``setPay(chain:reward:networkWeight:)`` set last; nil before the first time.
    public func pay(chain: String) throws(LedgerError) -> PublishedPay? {
        try store.read { database throws(LedgerError) in
            try database.first(
                """
                SELECT p.reward0, p.reward1, p.reward2, p.network0, p.network1, p.network2
                FROM pay_rate p JOIN chain c ON c.id = p.chain WHERE c.name = $1
                """,
                [.text(chain)]
            ) { row throws(LedgerError) in PublishedPay(reward: try row.limbs(0), networkWeight: try row.limbs(3)) }
        }
    }

    /// The fee that an account pays on a chain.
    public func fee(account: String, chain: String) throws(LedgerError) -> PartsPerMillion {
        let own = try store.read { database throws(LedgerError) in
            try database.first(
                """
                SELECT f.millionths FROM account_fee f JOIN chain c ON c.id = f.chain JOIN account a ON a.id = f.account
                WHERE c.name = $1 AND a.name = $2
                """,
                [.text(chain), .text(account)]
            ) { PartsPerMillion(millionths: UInt64($0.integer(0))) }
        }
        return own ?? terms(of: chain).fee
    }
}
