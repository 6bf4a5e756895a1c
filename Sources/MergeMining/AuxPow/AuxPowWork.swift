public import Hashing
public import JSON

/// What `createauxblock` gives: one block of an AuxPoW chain to be mined.
public struct AuxPowWork: Hashable, Sendable {
    public let rules: AuxPowRules
    /// The block's name to its node: the hex that `submitauxblock` must get back as it was given. A different spelling can abort a daemon.
    public let name: String
    public let bits: CompactBits
    public let target: Target
    /// The height of the block being mined.
    public let height: Int64
    /// The block it builds on, in the node's spelling.
    public let previous: String
    /// What its coinbase pays, in the chain's smallest unit. Elastos tells the miner's share only.
    public let value: Int64
    /// An output that the parent coinbase must have, as a script: Syscoin's.
    public let requiredOutput: [UInt8]?
    /// Whether `name` is in internal order: Elastos'.
    public let namesInternally: Bool

    /// A work that is known already; nil where the bits are no target.
    public init?(
        rules: AuxPowRules,
        name: String,
        bits: CompactBits,
        height: Int64,
        previous: String,
        value: Int64,
        requiredOutput: [UInt8]?,
        namesInternally: Bool
    ) {
        guard let target = Target(bits: bits) else { return nil }
        self.rules = rules
        self.name = name
        self.bits = bits
        self.target = target
        self.height = height
        self.previous = previous
        self.value = value
        self.requiredOutput = requiredOutput
        self.namesInternally = namesInternally
    }

    /// Reads the method's result.
    ///
    /// The target comes from `bits`; the field that spells it out is deprecated, reversed, and absent from Elastos' answer.
    public init(_ result: JSONValue, flavour: AuxPowFlavour, chain: ChainID) throws(AuxiliaryReplyError) {
        guard let found = result["chainid"]?.integer else { throw .member("chainid") }
        guard found == Int64(chain.value) else { throw .chainID(expected: chain, found: found) }
        guard let name = result["hash"]?.string, Hash256(displayHex: name) != nil else { throw .member("hash") }
        guard let previous = result["previousblockhash"]?.string, Hash256(displayHex: previous) != nil else { throw .member("previousblockhash") }
        // Elastos writes bits without leading zeros.
        guard let digits = result["bits"]?.string, (1...8).contains(digits.utf8.count), let number = UInt32(digits, radix: 16),
            let target = Target(bits: CompactBits(rawValue: number))
        else { throw .member("bits") }
        guard let height = result["height"]?.integer, (0..<Int64(UInt32.max)).contains(height) else { throw .member("height") }
        var required: [UInt8]?
        if let text = result["coinbasescript"]?.string {
            guard let script = Hex.decode(text), SyscoinTag(script: script) != nil else { throw .member("coinbasescript") }
            required = script
        }
        self.name = name
        self.previous = previous
        self.target = target
        bits = CompactBits(rawValue: number)
        requiredOutput = required
        value = result["coinbasevalue"]?.integer ?? 0
        namesInternally = flavour.isElastos
        // Elastos gives the tip's height, the others the new block's.
        self.height = flavour.isElastos ? height + 1 : height
        var rules = flavour.rules
        rules.chain = chain
        self.rules = rules
    }

    public var chain: ChainID { rules.chain }

    /// The leaf in the ``AuxiliaryTree``: the name's bytes reversed, on every chain.
    public var leaf: Hash256 { Hash256(displayHex: name) ?? .zero }

    /// The block's id as explorers and `getblockhash` show it.
    public var blockID: String { namesInternally ? Hex.encode((Hex.decode(name) ?? []).reversed()) : name }

    /// The reference that Syscoin wants; nil for other chains.
    public var syscoinTag: SyscoinTag? { requiredOutput.flatMap { SyscoinTag(script: $0) } }
}

extension AuxPowFlavour {
    /// Whether the node speaks Elastos' dialect: named parameters, internal byte order, the tip's height.
    var isElastos: Bool { self == .elastos || self == .elastosTest }
}
