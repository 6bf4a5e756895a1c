/// An RSK network: from which heights its rules for merged mining hold.
public enum RSKNetwork: String, Sendable, CaseIterable {
    case main
    case testnet
    case regtest

    /// The rules for a block of this height.
    public func rules(at height: UInt64) -> RSKRules {
        let from = activations
        return RSKRules(
            compactMerkleProof: height >= from.rskip92,
            merkleProofLimit: height >= from.rskip180,
            exactHeader: height >= from.rskip92,
            forkData: height >= from.rskip110 && height >= UInt64(RSKForkData.ancestorsNeeded),
            mergedMiningRoot: height >= from.rskipUMM,
            headerVersion: height >= from.rskip351,
            baseEvent: height >= from.rskip535,
            timeLimit: height >= from.rskip179 ? timeLimit(at: height) : nil
        )
    }

    /// The rules of every block mined today on the main network.
    public static var today: RSKRules { RSKNetwork.main.rules(at: 10_000_000) }

    private func timeLimit(at height: UInt64) -> UInt32 {
        self == .testnet && height >= activations.rskip297 ? 7200 : 300
    }

    private struct Activations {
        /// RSKIP98 too.
        let rskip92: UInt64
        let rskip110: UInt64
        let rskipUMM: UInt64
        let rskip179: UInt64
        let rskip180: UInt64
        let rskip297: UInt64
        /// RSKIP144 too.
        let rskip351: UInt64
        let rskip535: UInt64
    }

    private var activations: Activations {
        switch self {
        case .main:
            Activations(
                rskip92: 729_000,
                rskip110: 1_591_000,
                rskipUMM: 2_392_700,
                rskip179: 3_614_800,
                rskip180: 3_614_800,
                rskip297: 4_598_500,
                rskip351: .max,
                rskip535: .max
            )
        case .testnet:
            Activations(
                rskip92: 0,
                rskip110: 0,
                rskipUMM: 863_000,
                rskip179: 2_060_500,
                rskip180: 2_060_500,
                rskip297: 3_103_000,
                rskip351: 7_139_600,
                rskip535: 7_604_200
            )
        case .regtest:
            Activations(rskip92: 0, rskip110: 0, rskipUMM: 1, rskip179: 0, rskip180: 0, rskip297: 0, rskip351: 1, rskip535: 1)
        }
    }
}

/// Which rules for merged mining hold at one height of one network.
public struct RSKRules: Hashable, Sendable {
    /// RSKIP92: the Merkle proof is a plain list of siblings; before it, a partial Merkle tree.
    public var compactMerkleProof: Bool
    /// RSKIP180: at most 30 siblings.
    public var merkleProofLimit: Bool
    /// RSKIP98: the Bitcoin header is exactly 80 bytes.
    public var exactHeader: Bool
    /// RSKIP110, and high enough to have the ancestors it needs.
    public var forkData: Bool
    /// RSKIPUMM: the header has a field for a merged-mining merge root.
    public var mergedMiningRoot: Bool
    /// RSKIP351: the header has a version.
    public var headerVersion: Bool
    /// RSKIP535: version 2 with a base event.
    public var baseEvent: Bool
    /// RSKIP179 and 297: the Bitcoin time must be less than this many seconds away from the block's; nil where times are not compared.
    public var timeLimit: UInt32?

    /// Whether a header with this time may carry an RSK block of that time.
    public func allows(parentTime: UInt32, blockTime: UInt64) -> Bool {
        guard let timeLimit else { return true }
        let parent = UInt64(parentTime)
        return (parent > blockTime ? parent - blockTime : blockTime - parent) < UInt64(timeLimit)
    }
}
