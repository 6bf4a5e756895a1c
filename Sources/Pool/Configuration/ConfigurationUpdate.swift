/// What a configuration that was read anew changes in the running one.
public struct ConfigurationUpdate: Sendable {
    /// One key that has another value.
    public struct Change: Sendable, Equatable {
        /// As messages name a key: `stratum[0].difficulty.start`, counted as in the new file.
        public var key: String
        /// As JSON5; secrets are stars.
        public var from: String
        public var to: String
        /// Else it waits for a start or an upgrade.
        public var isApplied: Bool
    }

    public private(set) var changes: [Change] = []

    mutating func note(_ key: String, from: String, to: String, isApplied: Bool) {
        changes.append(Change(key: key, from: from, to: to, isApplied: isApplied))
    }
}

extension ConfigurationUpdate.Change: CustomStringConvertible {
    /// One line for a log.
    public var description: String { "\(key): \(from) -> \(to): \(outcome)" }

    /// What became of it.
    public var outcome: String { Self.outcome(isApplied: isApplied) }

    static func outcome(isApplied: Bool) -> String { isApplied ? "applied" : "needs an upgrade or a restart" }
}

extension PoolConfiguration {
    /// Takes over what can change while a pool runs; every other key stays as it is.
    /// - Returns: each key that differs.
    mutating func take(_ wanted: PoolConfiguration) -> [ConfigurationUpdate.Change] {
        var update = ConfigurationUpdate()
        ConfigurationTable.root.update(&self, to: wanted, at: "", &update)
        return update.changes
    }
}
