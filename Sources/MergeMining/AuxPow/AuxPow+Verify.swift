import Bitcoin
public import Hashing

extension AuxPow {
    /// Judges the commitment alone, without any proof of work, in the order of the chains' own check.
    ///
    /// - Parameter block: the auxiliary block's hash in internal order. It is the byte reverse of the `hash` that `createauxblock` gives,
    ///   Elastos' too.
    public func verifyCommitment(to block: Hash256, rules: AuxPowRules) throws(AuxPowReject) {
        if rules.requiresZeroIndex, coinbaseIndex != 0 { throw .notGenerate }
        if rules.isStrict, parentIsOurs(rules) { throw .parentHasOurChainID }
        if !rules.foldsCoinbaseIndex, chainBranch.siblings.count > Self.longestChainBranch { throw .chainBranchTooLong }
        let root = chainBranch.root(leaf: block, auxiliaryIndex: chainIndex)
        let parentRoot = coinbaseBranch.root(leaf: coinbase.txid, auxiliaryIndex: rules.foldsCoinbaseIndex ? coinbaseIndex : 0)
        guard parentRoot == parent.merkleRoot else { throw .coinbaseMerkleRootIncorrect }
        guard let input = coinbase.inputs.first else { throw .coinbaseNoInputs }
        let found = try AuxPowCommitment.find(root: root, in: input.scriptSig.bytes, magicRequired: rules.requiresMagic)
        let height = chainBranch.siblings.count
        guard height < 32, found.size == 1 << UInt32(height) else { throw .sizeMismatch }
        guard Int64(chainIndex) == Int64(rules.chain.slot(height: height, nonce: found.nonce)) else { throw .wrongIndex }
    }

    /// Whether the parent's version names the chain itself.
    private func parentIsOurs(_ rules: AuxPowRules) -> Bool {
        let version = AuxiliaryVersion(parent.version)
        switch rules.parentVersion {
        case .any: return false
        case .notOurs: return Int64(version.chain) == Int64(rules.chain.value)
        case .syscoin:
            let chain = version.syscoinChain
            return chain > 0 ? chain == rules.chain.value : version.oldSyscoinChain == AuxiliaryVersion.oldSyscoinID
        }
    }

    /// Whether the parent's hash, by the chain's function, meets `bits`.
    func parentMeets(_ bits: CompactBits, rules: AuxPowRules) -> Bool {
        AuxiliaryBlock.header(parent, meets: bits, scrypt: rules.hashesWithScrypt)
    }
}
