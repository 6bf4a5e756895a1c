public import Bitcoin
public import Hashing

/// The head of an auxiliary chain's block: its header, and the proof where it has one.
public struct AuxiliaryBlock: Hashable, Sendable {
    public var header: BlockHeader
    public var proof: AuxPow?

    public init(header: BlockHeader, proof: AuxPow?) {
        self.header = header
        self.proof = proof
    }

    /// Judges version, proof of work and commitment in the order of the chain's own code.
    ///
    /// Nothing else of the parent is looked at: not its bits, time, previous hash or existence. Whether the header's bits are the ones
    /// the chain expects is not known here.
    /// - Parameter hash: the block's hash where it is not the header's: Elastos hashes 84 bytes.
    public func verify(rules: AuxPowRules, hash: Hash256? = nil) throws(AuxPowReject) {
        let version = AuxiliaryVersion(header.version)
        if rules.isStrict, !namesItsChain(version, rules) { throw .wrongChainID }
        guard let proof else {
            guard !version.isAuxiliary else { throw .missingOnAuxiliaryVersion }
            guard Self.header(header, meets: header.bits, scrypt: rules.hashesWithScrypt) else { throw .ownHighHash }
            return
        }
        guard rules.blockVersion == .unnamed || version.isAuxiliary else { throw .presentOnPlainVersion }
        guard !rules.refusesAuxiliaryParent || !AuxiliaryVersion(proof.parent.version).isAuxiliary else { throw .parentAuxiliaryVersion }
        let hash = hash ?? header.hash
        if rules.checksWorkFirst {
            guard proof.parentMeets(header.bits, rules: rules) else { throw .highHash }
            try proof.verifyCommitment(to: hash, rules: rules)
        } else {
            try proof.verifyCommitment(to: hash, rules: rules)
            guard proof.parentMeets(header.bits, rules: rules) else { throw .highHash }
        }
    }

    private func namesItsChain(_ version: AuxiliaryVersion, _ rules: AuxPowRules) -> Bool {
        let isOurs = Int64(version.chain) == Int64(rules.chain.value)
        switch rules.blockVersion {
        case .unnamed: return true
        case .named: return version.value == 1 || isOurs
        case .dogecoin: return version.value == 1 || version.value == 2 && version.chain == 0 || isOurs
        case .namedWhenAuxiliary: return !version.isAuxiliary || isOurs
        case .syscoin:
            guard version.value != 1 else { return true }
            let chain = version.syscoinChain
            if chain > 0 { return chain == rules.chain.value }
            return proof == nil || version.oldSyscoinChain == AuxiliaryVersion.oldSyscoinID
        }
    }

    static func header(_ header: BlockHeader, meets bits: CompactBits, scrypt: Bool) -> Bool {
        guard let target = Target(bits: bits) else { return false }
        return target.isMet(by: scrypt ? Scrypt.hash(header.serialized) : header.hash)
    }
}
