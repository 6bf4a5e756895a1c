/// The tables of a ledger, as steps from one version to the next.
struct Schema: Sendable {
    /// What brings a store from version `number - 1` to `number`.
    struct Version: Sendable {
        var number: Int
        var script: @Sendable (SQLDialect) -> String
    }

    var versions: [Version]

    /// The version this program works with.
    var current: Int { versions.last?.number ?? 0 }

    /// "Motl": the application id in the header of an SQLite file.
    static let applicationID: Int32 = 0x4d6f_746c

    static let ledger = Schema(versions: [
        Version(number: 1) { shares($0) + books($0) },
        Version(number: 2, script: payouts),
        Version(number: 3, script: outside),
        Version(number: 4, script: groups),
    ])

    /// The three columns of ``Limbs``.
    static func limbs(_ name: String, _ words: SQLDialect) -> String {
        (0...2).map { "\(name)\($0) \(words.integer) NOT NULL CHECK (\(name)\($0) >= 0)" }.joined(separator: ", ")
    }
}
