extension Schema {
    /// Accounts, workers, share windows, blocks.
    ///
    /// Times named `start` and `span` are seconds, all others milliseconds of Unix time. `weight0…2` and the like are ``Limbs``. `instance` is
    /// the pool process that counted: each adds only to rows of its own.
    @Sendable static func shares(_ words: SQLDialect) -> String {
        """
        CREATE TABLE account (
            id \(words.identity),
            name TEXT NOT NULL UNIQUE,
            created \(words.integer) NOT NULL
        ) \(words.table);
        CREATE TABLE worker (
            id \(words.identity),
            account \(words.integer) NOT NULL REFERENCES account (id),
            name TEXT NOT NULL,
            created \(words.integer) NOT NULL,
            UNIQUE (account, name)
        ) \(words.table);
        CREATE TABLE worker_total (
            worker \(words.integer) NOT NULL REFERENCES worker (id),
            instance \(words.integer) NOT NULL,
            accepted \(words.integer) NOT NULL,
            \(limbs("weight", words)),
            first_share \(words.integer) NOT NULL,
            last_share \(words.integer) NOT NULL,
            best \(words.real) NOT NULL,
            best_time \(words.integer) NOT NULL,
            PRIMARY KEY (worker, instance)
        ) \(words.clustered);
        CREATE TABLE worker_reject (
            worker \(words.integer) NOT NULL REFERENCES worker (id),
            instance \(words.integer) NOT NULL,
            reason \(words.integer) NOT NULL,
            count \(words.integer) NOT NULL,
            PRIMARY KEY (worker, instance, reason)
        ) \(words.clustered);
        CREATE TABLE share_window (
            span \(words.integer) NOT NULL,
            start \(words.integer) NOT NULL,
            worker \(words.integer) NOT NULL REFERENCES worker (id),
            instance \(words.integer) NOT NULL,
            accepted \(words.integer) NOT NULL,
            \(limbs("weight", words)),
            PRIMARY KEY (span, start, worker, instance)
        ) \(words.clustered);
        CREATE TABLE reject_window (
            span \(words.integer) NOT NULL,
            start \(words.integer) NOT NULL,
            worker \(words.integer) NOT NULL REFERENCES worker (id),
            instance \(words.integer) NOT NULL,
            reason \(words.integer) NOT NULL,
            count \(words.integer) NOT NULL,
            PRIMARY KEY (span, start, worker, instance, reason)
        ) \(words.clustered);
        CREATE TABLE log_position (
            instance \(words.integer) NOT NULL PRIMARY KEY,
            sequence \(words.integer) NOT NULL,
            time \(words.integer) NOT NULL
        ) \(words.table);
        CREATE TABLE chain (
            id \(words.identity),
            name TEXT NOT NULL UNIQUE,
            scheme TEXT NOT NULL,
            rounds \(words.integer) NOT NULL,
            since \(words.integer) NOT NULL,
            \(limbs("pool", words))
        ) \(words.table);
        CREATE TABLE block (
            id \(words.identity),
            chain \(words.integer) NOT NULL REFERENCES chain (id),
            height \(words.integer) NOT NULL,
            hash TEXT NOT NULL,
            parent_hash TEXT,
            worker \(words.integer) REFERENCES worker (id),
            instance \(words.integer) NOT NULL,
            time \(words.integer) NOT NULL,
            state TEXT NOT NULL,
            answer TEXT NOT NULL,
            \(limbs("reward", words)),
            \(limbs("network", words)),
            \(limbs("pool", words)),
            UNIQUE (chain, hash)
        ) \(words.table);
        CREATE INDEX block_by_chain ON block (chain, id);
        """
    }
}
