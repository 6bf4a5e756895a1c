/// Why a coinbase does not serve an auxiliary chain, or a solution is no proof for it: the chain's own reason.
public enum CommitmentViolation: Error, Hashable, Sendable {
    case auxPow(AuxPowReject)
    case syscoin(SyscoinTagReject)
    case rsk(RSKReject)
    /// The RSK tag stands in the coinbase more than once, or where no RSK work is.
    case strayRSKTag
    /// The AuxPoW magic stands in the scriptSig where no such chain is configured.
    case strayAuxPowMagic
    /// Only one RSK block can be committed to.
    case secondRSKWork
    /// Extranonce bytes that do not fill the field.
    case extranonce

    /// The label in counters and logs.
    public var label: String {
        switch self {
        case .auxPow(let reason): reason.rawValue
        case .syscoin(let reason): reason.rawValue
        case .rsk(let reason): reason.rawValue
        case .strayRSKTag: "stray-rsk-tag"
        case .strayAuxPowMagic: "stray-auxpow-magic"
        case .secondRSKWork: "second-rsk-work"
        case .extranonce: "extranonce"
        }
    }

    /// Whether only the miner's choice of extranonce bytes can have brought it about: the job was checked before it left.
    public var isSabotage: Bool {
        switch self {
        case .auxPow(.multipleHeaders), .auxPow(.headerNotAdjacent), .auxPow(.rootMissing), .rsk(.tagNotLast), .strayRSKTag: true
        default: false
        }
    }
}

extension CommitmentViolation: CustomStringConvertible {
    public var description: String {
        switch self {
        case .auxPow(let reason): reason.text
        case .syscoin(let reason): reason.text
        case .rsk(let reason): reason.text
        case .strayRSKTag: "an RSK tag stands where none should be"
        case .strayAuxPowMagic: "the AuxPoW magic stands where none should be"
        case .secondRSKWork: "a coinbase can commit to one RSK block only"
        case .extranonce: "the extranonce does not fill its field"
        }
    }
}
