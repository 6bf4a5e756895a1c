extension LedgerStore {
    func setFee(_ fee: PartsPerMillion?, account: String, chain: String, at time: Int64) throws(LedgerError) {
        try write { database, writer throws(LedgerError) in
            let key: [SQLValue] = [
                .integer(try writer.row(ofChain: chain, at: time)), .integer(try writer.rowOfAccount(account, at: time)),
            ]
            guard let fee else {
                try database.run("DELETE FROM account_fee WHERE chain = $1 AND account = $2", key)
                return
            }
            try database.run(
                """
                INSERT INTO account_fee (chain, account, millionths) VALUES ($1, $2, $3)
                ON CONFLICT (chain, account) DO UPDATE SET millionths = excluded.millionths
                """,
                key + [.integer(Int64(min(fee, .whole).millionths))]
            )
        }
    }
}
