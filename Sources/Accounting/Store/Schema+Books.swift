extension Schema {
    /// Rounds, their rows, and the money that moved.
    ///
    /// `account_base` is what an account had worked in all when the chain's last round closed. A round's `moves` are in `booking`, under the
    /// entries that name it. `balance` is a sum over `booking`, kept for speed and checked by audits.
    @Sendable static func books(_ words: SQLDialect) -> String {
        """
        CREATE TABLE account_fee (
            chain \(words.integer) NOT NULL REFERENCES chain (id),
            account \(words.integer) NOT NULL REFERENCES account (id),
            millionths \(words.integer) NOT NULL CHECK (millionths BETWEEN 0 AND 1000000),
            PRIMARY KEY (chain, account)
        ) \(words.clustered);
        CREATE TABLE account_address (
            chain \(words.integer) NOT NULL REFERENCES chain (id),
            account \(words.integer) NOT NULL REFERENCES account (id),
            address TEXT NOT NULL,
            changed \(words.integer) NOT NULL,
            PRIMARY KEY (chain, account)
        ) \(words.clustered);
        CREATE TABLE account_base (
            chain \(words.integer) NOT NULL REFERENCES chain (id),
            account \(words.integer) NOT NULL REFERENCES account (id),
            \(limbs("weight", words)),
            PRIMARY KEY (chain, account)
        ) \(words.clustered);
        CREATE TABLE pay_rate (
            chain \(words.integer) NOT NULL PRIMARY KEY REFERENCES chain (id),
            shift \(words.integer) NOT NULL,
            \(limbs("numerator", words)),
            \(limbs("reward", words)),
            \(limbs("network", words))
        ) \(words.table);
        CREATE TABLE carry (
            chain \(words.integer) NOT NULL REFERENCES chain (id),
            account \(words.integer) NOT NULL REFERENCES account (id),
            \(limbs("part", words)),
            PRIMARY KEY (chain, account)
        ) \(words.clustered);
        CREATE TABLE round (
            id \(words.identity),
            chain \(words.integer) NOT NULL REFERENCES chain (id),
            number \(words.integer) NOT NULL,
            block \(words.integer) UNIQUE REFERENCES block (id),
            scheme TEXT NOT NULL,
            state TEXT NOT NULL,
            started \(words.integer) NOT NULL,
            ended \(words.integer) NOT NULL,
            shift \(words.integer) NOT NULL,
            \(limbs("numerator", words)),
            \(limbs("reward", words)),
            \(limbs("network", words)),
            \(limbs("weight", words)),
            root \(words.blob) NOT NULL,
            UNIQUE (chain, number)
        ) \(words.table);
        CREATE TABLE round_row (
            round \(words.integer) NOT NULL REFERENCES round (id),
            account \(words.integer) NOT NULL REFERENCES account (id),
            \(limbs("weight", words)),
            fee \(words.integer) NOT NULL CHECK (fee BETWEEN 0 AND 1000000),
            PRIMARY KEY (round, account)
        ) \(words.clustered);
        CREATE TABLE entry (
            id \(words.identity),
            chain \(words.integer) NOT NULL REFERENCES chain (id),
            kind TEXT NOT NULL,
            round \(words.integer) REFERENCES round (id),
            payout \(words.integer),
            time \(words.integer) NOT NULL
        ) \(words.table);
        CREATE INDEX entry_by_round ON entry (round);
        CREATE TABLE booking (
            entry \(words.integer) NOT NULL REFERENCES entry (id),
            position \(words.integer) NOT NULL,
            from_account \(words.integer) NOT NULL REFERENCES account (id),
            from_kind TEXT NOT NULL,
            to_account \(words.integer) NOT NULL REFERENCES account (id),
            to_kind TEXT NOT NULL,
            \(limbs("amount", words)),
            CHECK (amount0 + amount1 + amount2 > 0),
            CHECK (from_account <> to_account OR from_kind <> to_kind),
            PRIMARY KEY (entry, position)
        ) \(words.clustered);
        CREATE TABLE balance (
            chain \(words.integer) NOT NULL REFERENCES chain (id),
            account \(words.integer) NOT NULL REFERENCES account (id),
            kind TEXT NOT NULL,
            \(limbs("into", words)),
            \(limbs("out", words)),
            PRIMARY KEY (chain, account, kind)
        ) \(words.clustered);
        """
    }
}
