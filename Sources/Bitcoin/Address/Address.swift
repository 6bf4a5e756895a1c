/// Where the parent chain's coins can be sent: one of the five standard kinds, on one chain.
public struct Address: Hashable, Sendable {
    public enum Kind: Hashable, Sendable {
        /// HASH160 of a public key.
        case p2pkh([UInt8])
        /// HASH160 of a script.
        case p2sh([UInt8])
        /// HASH160 of a public key, witness version 0.
        case p2wpkh([UInt8])
        /// SHA-256 of a script, witness version 0.
        case p2wsh([UInt8])
        /// An output key, witness version 1 (BIP341).
        case p2tr([UInt8])
    }

    public let kind: Kind
    public let chain: Chain

    /// Reads an address that must be of `chain`. Test networks share prefixes, so a `tb1…` is of both testnets and of signet.
    public init(parsing text: String, chain: Chain) throws(AddressError) {
        do {
            try self.init(text, chain)
        } catch {
            throw AddressError(text, error)
        }
    }

    /// The address that an output script pays; nil for a script that no address stands for.
    public init?(script: Script, chain: Chain) {
        let bytes = script.bytes
        if let (version, program) = script.witnessProgram {
            guard let kind = Kind(WitnessProgram(version: version, bytes: program)) else { return nil }
            self.kind = kind
        } else if bytes.count == 25, script == .payToPublicKeyHash(Array(bytes[3..<23])) {
            kind = .p2pkh(Array(bytes[3..<23]))
        } else if bytes.count == 23, script == .payToScriptHash(Array(bytes[2..<22])) {
            kind = .p2sh(Array(bytes[2..<22]))
        } else {
            return nil
        }
        self.chain = chain
    }

    private init(_ text: String, _ chain: Chain) throws(AddressError.Reason) {
        guard !text.isEmpty else { throw .empty }
        let owners: [Chain]
        if Address.looksLikeBech32(text) {
            let (prefix, program) = try WitnessProgram.decode(text)
            owners = Chain.allCases.filter { $0.bech32Prefix == prefix }
            guard !owners.isEmpty else { throw .unknownPrefix(prefix) }
            guard let kind = Kind(program) else { throw .unknownWitnessVersion(program.version) }
            self.kind = kind
        } else {
            let payload = try Base58.decodeChecked(text)
            let version = payload[0]
            let isScriptHash = Chain.allCases.contains { $0.scriptHashVersion == version }
            owners = Chain.allCases.filter { (isScriptHash ? $0.scriptHashVersion : $0.publicKeyHashVersion) == version }
            guard !owners.isEmpty else { throw .unknownVersion(version) }
            guard payload.count == 21 else { throw .badProgramLength(payload.count - 1) }
            kind = isScriptHash ? .p2sh(Array(payload[1...])) : .p2pkh(Array(payload[1...]))
        }
        guard owners.contains(chain) else { throw .wrongNetwork(belongsTo: owners, expected: chain) }
        self.chain = chain
    }

    /// A known prefix decides; another text is Bech32 only when its checksum says so, since Base58 uses the letter 1 as well.
    private static func looksLikeBech32(_ text: String) -> Bool {
        let lower = text.lowercased()
        return Chain.allCases.contains { lower.hasPrefix($0.bech32Prefix + "1") } || (try? Bech32.decode(text)) != nil
    }
}

extension Address.Kind {
    /// Nil for a witness version or size that is not in use yet.
    fileprivate init?(_ witness: WitnessProgram) {
        switch (witness.version, witness.bytes.count) {
        case (0, 20): self = .p2wpkh(witness.bytes)
        case (0, 32): self = .p2wsh(witness.bytes)
        case (1, 32): self = .p2tr(witness.bytes)
        default: return nil
        }
    }
}

extension Address {
    /// The output script that pays this address.
    public var script: Script {
        switch kind {
        case .p2pkh(let hash): .payToPublicKeyHash(hash)
        case .p2sh(let hash): .payToScriptHash(hash)
        case .p2wpkh(let program), .p2wsh(let program): .payToWitness(version: 0, program: program)
        case .p2tr(let key): .payToWitness(version: 1, program: key)
        }
    }
}

extension Address: CustomStringConvertible {
    /// The address as wallets show it.
    public var description: String {
        switch kind {
        case .p2pkh(let hash): Base58.encodeChecked([chain.publicKeyHashVersion] + hash)
        case .p2sh(let hash): Base58.encodeChecked([chain.scriptHashVersion] + hash)
        case .p2wpkh(let program), .p2wsh(let program): WitnessProgram(version: 0, bytes: program).encode(prefix: chain.bech32Prefix)
        case .p2tr(let key): WitnessProgram(version: 1, bytes: key).encode(prefix: chain.bech32Prefix)
        }
    }
}
