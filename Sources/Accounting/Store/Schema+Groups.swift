extension Schema {
    /// The share log of pools that share a database, and who they are. Empty where the log is in files.
    ///
    /// `seen` is when the owner last showed life, milliseconds of Unix time by the server's clock.
    @Sendable static func groups(_ words: SQLDialect) -> String {
        """
        CREATE TABLE pool_instance (
            instance \(words.integer) NOT NULL PRIMARY KEY,
            owner TEXT NOT NULL,
            seen \(words.integer) NOT NULL
        ) \(words.table);
        CREATE TABLE share_group (
            instance \(words.integer) NOT NULL,
            sequence \(words.integer) NOT NULL,
            payload \(words.blob) NOT NULL,
            PRIMARY KEY (instance, sequence)
        ) \(words.clustered);
        """
    }
}
