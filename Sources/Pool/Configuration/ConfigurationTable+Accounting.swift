// The rows of the ledger: where it is kept, and how rewards are divided.

extension ConfigurationTable {
    static let accounting = ConfigurationSection(
        PoolConfiguration.Accounting(),
        [
            ConfigurationKey(
                "store",
                \.store,
                store,
                change: .atStart,
                "Where the ledger is kept: a SQLite file, or a PostgreSQL database that several pools share, each with an instance of its own."
            ),
            ConfigurationKey(
                "durability",
                \.durability,
                .choice(PoolConfiguration.Accounting.Durability.self),
                change: .atStart,
                "\"full\" acknowledges a share once it is synced to disk. \"relaxed\" does not wait for the disk: a power cut may lose the last shares."
            ),
            ConfigurationKey(
                "groupMs",
                \.groupMilliseconds,
                .integer(1...1000),
                change: .atStart,
                "The longest time, in milliseconds, that a share may wait for others to be committed with it. A group is committed as soon as the one before it is, so that none waits for longer than a commit takes."
            ),
            ConfigurationKey(
                "scheme",
                \.scheme,
                .choice(PoolConfiguration.Accounting.Scheme.self),
                change: .atStart,
                "How rewards are divided. \"pplns\": a block goes to the last shares before it, window times the network's difficulty of them. \"prop\": to the shares since the block before. \"solo\": to who found it, whose own coinbase pays it on Bitcoin. \"pps\": every share is credited its part of the expected subsidy, and blocks are the pool's own. \"fpps\": the same with a published average of fees added."
            ),
            ConfigurationKey(
                "window",
                \.window,
                window,
                change: .atStart,
                "The PPLNS window, in multiples of the network difficulty."
            ),
            ConfigurationKey(
                "fee",
                \.fee,
                fee,
                change: .whileRunning,
                "The pool's part of a reward: 0.01 is one per cent. Accounts may have a fee of their own: poolctl accounts set."
            ),
            ConfigurationKey("pps", \.pps, .object(pps), change: .byItsKeys, "What \"pps\" and \"fpps\" need to know."),
        ]
    )

    static let pps = ConfigurationSection(
        PoolConfiguration.Accounting.PPS(),
        [
            ConfigurationKey(
                "floor",
                \.floor,
                .map(.integer(-2_100_000_000_000_000...2_100_000_000_000_000), keys: "chain names"),
                example: "{ bitcoin: -625000000 }",
                change: .atStart,
                "By chain, the least that the pool's own money may be after a credit, in the chain's smallest unit; 0 where none is named. Below it, shares wait to be credited. A number below 0 is what the pool lends."
            ),
            ConfigurationKey("minutes", \.minutes, .integer(1...1440), change: .atStart, "How often shares are credited."),
            ConfigurationKey(
                "feeBlocks",
                \.feeBlocks,
                .integer(1...10_000),
                change: .atStart,
                "Of how many of the last blocks \"fpps\" averages the fees."
            ),
        ]
    )

    /// What a chain does otherwise than ``accounting`` says.
    static let ownTerms = ConfigurationSection(
        PoolConfiguration.OwnTerms(),
        [
            ConfigurationKey(
                "scheme",
                \.scheme,
                .optional(.choice(PoolConfiguration.Accounting.Scheme.self)),
                change: .atStart,
                "As accounting.scheme."
            ),
            ConfigurationKey("window", \.window, .optional(window), change: .atStart, "As accounting.window."),
            ConfigurationKey("fee", \.fee, .optional(fee), change: .whileRunning, "As accounting.fee."),
        ]
    )

    private static var window: ValueForm<Double> { .number("a number from 0.01 to 1000") { (0.01...1000).contains($0) } }

    private static var fee: ValueForm<Double> { .number("a number from 0 to below 1") { $0 >= 0 && $0 < 1 } }
}
