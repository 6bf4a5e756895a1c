/// A chain of the AuxPoW family whose rules are known.
public enum AuxPowFlavour: String, CaseIterable, Sendable {
    case namecoin
    case namecoinTest = "namecoin-test"
    case syscoin
    case elastos
    /// Elastos with the chain id of its 2018 test data.
    case elastosTest = "elastos-id6"
    case fractal
    case dogecoin

    /// The flavour's rules on its main network.
    public var rules: AuxPowRules {
        switch self {
        case .namecoin: AuxPowRules(chain: .namecoin)
        case .namecoinTest: AuxPowRules(chain: .namecoin, isStrict: false)
        case .fractal: AuxPowRules(chain: .fractal, blockVersion: .namedWhenAuxiliary)
        case .syscoin:
            AuxPowRules(
                chain: .syscoin,
                blockVersion: .syscoin,
                parentVersion: .syscoin,
                refusesAuxiliaryParent: false,
                requiresMagic: true
            )
        case .elastos: .elastos(chain: .elastos)
        case .elastosTest: .elastos(chain: 6)
        case .dogecoin:
            AuxPowRules(
                chain: .dogecoin,
                blockVersion: .dogecoin,
                refusesAuxiliaryParent: false,
                requiresZeroIndex: true,
                checksWorkFirst: false,
                hashesWithScrypt: true
            )
        }
    }
}

/// What one chain of the family demands of a proof, beside the check that they share.
public struct AuxPowRules: Hashable, Sendable {
    /// Where a block's own chain id is looked for in its version.
    public enum BlockVersion: Hashable, Sendable {
        /// The high half names the chain, in every block but those of version 1.
        case named
        /// As `named`, and a version 2 without a chain id is old too.
        case dogecoin
        /// The high half names the chain where bit 8 says that there is a proof (Fractal mines its other blocks alone).
        case namedWhenAuxiliary
        /// Bits 16–20, or where they are zero the older 13-bit field.
        case syscoin
        /// The version says nothing: Elastos.
        case unnamed
    }

    /// How the parent's version must differ from the chain's own id, so that a chain cannot be its own parent.
    public enum ParentVersion: Hashable, Sendable {
        case notOurs
        case syscoin
        case any
    }

    public var chain: ChainID
    /// Whether chain ids are compared at all; test networks do not.
    public var isStrict: Bool
    public var blockVersion: BlockVersion
    public var parentVersion: ParentVersion
    /// Whether a parent with version bit 8 is refused.
    public var refusesAuxiliaryParent: Bool
    /// Whether the commitment must carry `fabe6d6d`.
    public var requiresMagic: Bool
    /// Whether the coinbase's index field must be zero (Dogecoin).
    public var requiresZeroIndex: Bool
    /// Whether the coinbase's index field is used to fold (Elastos).
    public var foldsCoinbaseIndex: Bool
    /// Whether the proof of work is judged before the commitment.
    public var checksWorkFirst: Bool
    /// Whether the parent's work is scrypt(1024, 1, 1) and not SHA-256d.
    public var hashesWithScrypt: Bool

    public init(
        chain: ChainID,
        isStrict: Bool = true,
        blockVersion: BlockVersion = .named,
        parentVersion: ParentVersion = .notOurs,
        refusesAuxiliaryParent: Bool = true,
        requiresMagic: Bool = false,
        requiresZeroIndex: Bool = false,
        foldsCoinbaseIndex: Bool = false,
        checksWorkFirst: Bool = true,
        hashesWithScrypt: Bool = false
    ) {
        self.chain = chain
        self.isStrict = isStrict
        self.blockVersion = blockVersion
        self.parentVersion = parentVersion
        self.refusesAuxiliaryParent = refusesAuxiliaryParent
        self.requiresMagic = requiresMagic
        self.requiresZeroIndex = requiresZeroIndex
        self.foldsCoinbaseIndex = foldsCoinbaseIndex
        self.checksWorkFirst = checksWorkFirst
        self.hashesWithScrypt = hashesWithScrypt
    }

    static func elastos(chain: ChainID) -> AuxPowRules {
        AuxPowRules(
            chain: chain,
            isStrict: false,
            blockVersion: .unnamed,
            parentVersion: .any,
            refusesAuxiliaryParent: false,
            requiresMagic: true,
            foldsCoinbaseIndex: true,
            checksWorkFirst: false
        )
    }
}
