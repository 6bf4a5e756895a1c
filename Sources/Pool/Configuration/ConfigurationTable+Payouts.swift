extension ConfigurationTable {
    static let payouts = ConfigurationSection(
        PoolConfiguration.Payouts(),
        [
            ConfigurationKey(
                "minimum",
                \.minimum,
                .map(.integer(0...9_000_000_000_000_000_000), keys: "chain names"),
                change: .whileRunning,
                "The smallest balance that is paid, by chain (the parent chain's name is \"bitcoin\"), in the chain's smallest unit; 100000 where not given."
            ),
            ConfigurationKey(
                "feeRate",
                \.feeRate,
                .optional(positive),
                change: .whileRunning,
                "What payments offer miners, in satoshi per virtual byte; null leaves it to the node."
            ),
            ConfigurationKey(
                "feeFrom",
                \.feeFrom,
                .choice(PayoutSettings.FeeBearer.self),
                change: .atStart,
                "Whose money a payment's fee is: the \"pool\"'s own, or, shared equally, that of the \"accounts\" it pays."
            ),
            ConfigurationKey(
                "wallets",
                \.wallets,
                .map(.text("a wallet's name of letters, digits, \".\", \"-\" and \"_\"", where: isWalletName), keys: "chain names"),
                change: .atStart,
                "The wallets that pay, by chain. The parent chain's first node pays by its only wallet where none is named; an auxiliary chain without one is paid outside the pool."
            ),
            ConfigurationKey(
                "confirmations",
                \.confirmations,
                .integer(1...1000),
                change: .whileRunning,
                "How deep a payment must be in its chain to count as paid."
            ),
        ]
    )

    /// What can stand in an address without being spelled out.
    @Sendable private static func isWalletName(_ text: String) -> Bool {
        (1...64).contains(text.utf8.count)
            && text.utf8.allSatisfy { Character(UnicodeScalar($0)).isLetter || (0x30...0x39).contains($0) || [0x2D, 0x2E, 0x5F].contains($0) }
    }
}
