public import Hashing

/// A Bitcoin network; the raw values are the names that `getblockchaininfo` answers.
public enum Chain: String, CaseIterable, Sendable {
    case main
    case test
    case testnet4
    case regtest
    case signet
}

// MARK: Money

extension Chain {
    /// The first subsidy, in satoshi.
    static let initialSubsidy: Int64 = 50 * 100_000_000

    /// More satoshi than there will ever be; no output and no sum may be above.
    public static let moneyLimit: Int64 = 21_000_000 * 100_000_000

    /// Blocks between two halvings of the subsidy.
    public var halvingInterval: UInt32 { self == .regtest ? 150 : 210_000 }

    /// What a block at `height` may create, in satoshi, without fees.
    public func subsidy(height: UInt32) -> Int64 {
        let halvings = height / halvingInterval
        return halvings < 64 ? Chain.initialSubsidy >> Int64(halvings) : 0
    }
}

// MARK: Proof of work

extension Chain {
    /// Blocks of one difficulty period.
    public static let retargetInterval: UInt32 = 2_016

    /// False where the difficulty never follows the hash rate.
    public var retargets: Bool { self != .regtest }

    /// True where a block that comes 20 minutes late may have the lowest difficulty: its time decides its bits, so no one can know the next
    /// block's bits from the tip alone.
    public var hasMinimumDifficultyBlocks: Bool { self == .test || self == .testnet4 }

    /// True when the block at `height` may carry other bits than its parent.
    ///
    /// Regtest keeps its bits at a period's end too; one rule for all chains is simpler and costs one empty job in 2,016.
    public func bitsMayChange(atHeight height: UInt32) -> Bool {
        hasMinimumDifficultyBlocks || height.isMultiple(of: Chain.retargetInterval)
    }

    /// The easiest target that a header may have.
    public var proofOfWorkLimit: Target {
        switch self {
        case .main, .test, .testnet4: Target(value: UInt256(high: .max >> 32, low: .max))
        case .regtest: Target(value: UInt256(high: .max >> 1, low: .max))
        // 00000377ae00…: BIP325, default signet and custom ones alike.
        case .signet: Target(value: UInt256(high: 0x0377ae << 88, low: 0))
        }
    }
}

// MARK: Addresses

extension Chain {
    /// The version byte of a Base58Check P2PKH address. All test networks share one.
    public var publicKeyHashVersion: UInt8 { self == .main ? 0 : 111 }

    /// The version byte of a Base58Check P2SH address. All test networks share one.
    public var scriptHashVersion: UInt8 { self == .main ? 5 : 196 }

    /// The human-readable part of a Bech32 address (BIP173); signet and both testnets share `tb`.
    public var bech32Prefix: String {
        switch self {
        case .main: "bc"
        case .test, .testnet4, .signet: "tb"
        case .regtest: "bcrt"
        }
    }
}
