/// How a chain's reward becomes credits.
public enum RewardScheme: Sendable, Hashable {
    /// Pay per last N shares: a block's reward goes to the last shares whose weight makes up `window` times the network's.
    case pplns(window: PartsPerMillion)
    /// Proportional: a block's reward goes to the shares since the chain's block before.
    case prop
    /// A block's reward goes to who found it.
    case solo
    /// Pay per share: each share earns its part of the expected block subsidy at once, out of the pool's own account, which owns the blocks.
    case pps
    /// Full pay per share: the same with a published average of fees added to the subsidy.
    case fpps

    /// The name in the configuration and in the store.
    public var label: String {
        switch self {
        case .pplns: "pplns"
        case .prop: "prop"
        case .solo: "solo"
        case .pps: "pps"
        case .fpps: "fpps"
        }
    }

    /// Whether shares are credited without waiting for a block.
    public var paysPerShare: Bool {
        switch self {
        case .pps, .fpps: true
        case .pplns, .prop, .solo: false
        }
    }

    /// Whether a block pays its finder by itself: under SOLO the parent chain's coinbase has an output for the account and one for the pool's fee.
    /// A chain that is mined along pays an address of the pool's.
    static func isPaidByCoinbase(_ label: String, on chain: String) -> Bool { label == RewardScheme.solo.label && chain == Ledger.parentChain }

    /// - Parameter window: of PPLNS; the others have none.
    public init?(label: String, window: PartsPerMillion) {
        switch label {
        case "pplns": self = .pplns(window: window)
        case "prop": self = .prop
        case "solo": self = .solo
        case "pps": self = .pps
        case "fpps": self = .fpps
        default: return nil
        }
    }
}
