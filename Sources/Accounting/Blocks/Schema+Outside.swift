extension Schema {
    /// Blocks that were worked for outside of this pool's shares.
    @Sendable static func outside(_ words: SQLDialect) -> String {
        "ALTER TABLE block ADD COLUMN outside \(words.integer) NOT NULL DEFAULT 0 CHECK (outside IN (0, 1));"
    }
}
