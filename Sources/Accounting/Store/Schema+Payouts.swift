extension Schema {
    /// Payouts, their rows, and the transactions that pay them. The bookings of a payout are those of the entries that name it.
    @Sendable static func payouts(_ words: SQLDialect) -> String {
        """
        CREATE TABLE payout (
            id \(words.identity),
            chain \(words.integer) NOT NULL REFERENCES chain (id),
            state TEXT NOT NULL,
            created \(words.integer) NOT NULL,
            changed \(words.integer) NOT NULL
        ) \(words.table);
        CREATE TABLE payout_row (
            payout \(words.integer) NOT NULL REFERENCES payout (id),
            position \(words.integer) NOT NULL,
            account \(words.integer) NOT NULL REFERENCES account (id),
            address TEXT NOT NULL,
            \(limbs("amount", words)),
            \(limbs("fee", words)),
            state TEXT NOT NULL,
            PRIMARY KEY (payout, position),
            UNIQUE (payout, account)
        ) \(words.clustered);
        CREATE TABLE payout_transaction (
            payout \(words.integer) NOT NULL REFERENCES payout (id),
            position \(words.integer) NOT NULL,
            txid TEXT NOT NULL,
            bytes \(words.blob) NOT NULL,
            \(limbs("fee", words)),
            state TEXT NOT NULL,
            time \(words.integer) NOT NULL,
            PRIMARY KEY (payout, position),
            UNIQUE (payout, txid)
        ) \(words.table);
        CREATE INDEX entry_by_payout ON entry (payout);
        """
    }
}
