import Bitcoin
import Hashing
import JSON

extension ProofFile {
    func judgeBlock() throws(ProofFileError) -> ProofVerdict {
        let rules = try rules()
        guard let header = try? BlockHeader(parsing: try bytes("child_header")) else { throw .wrongLength("child_header") }
        let proof = try optionalBytes("auxpow")
        let named = try optionalBytes("aux_hash") == nil ? nil : hash("aux_hash")
        let (allowsWitness, size) = (try allowsWitness(), (proof?.count ?? 0) + BlockHeader.byteCount)
        return verdict(size: size, proves: "the parent's work counts for block \((named ?? header.hash).displayHex)", text: \.text) {
            () throws(AuxPowReject) in
            let block = AuxiliaryBlock(
                header: header,
                proof: try proof.map { (bytes) throws(AuxPowReject) in
                    try Self.parse(bytes, allowsWitness: allowsWitness)
                }
            )
            try block.verify(rules: rules, hash: named)
        }
    }

    func judgeCheck() throws(ProofFileError) -> ProofVerdict {
        let (rules, proof, block, allowsWitness) = (try rules(), try bytes("auxpow"), try hash("aux_hash"), try allowsWitness())
        return verdict(size: proof.count, proves: "the parent coinbase commits to block \(block.displayHex)", text: \.text) {
            () throws(AuxPowReject) in
            try Self.parse(proof, allowsWitness: allowsWitness).verifyCommitment(to: block, rules: rules)
        }
    }

    func judgeHathor() throws(ProofFileError) -> ProofVerdict {
        let proof = try bytes("aux_pow")
        let base = HathorProof.baseHash(funds: try bytes("funds"), graph: try bytes("graph"))
        let block = try hash("block_hash")
        let weight = try required("weight", as: .double)
        let longest = try optional("max_path", as: .integer)
        return verdict(size: proof.count, proves: "the parent is Hathor's block \(block.displayHex)", text: \.text) { () throws(HathorReject) in
            guard let hathor = try? HathorProof(parsing: proof), hathor.serialized == proof else { throw .badEncoding }
            try hathor.checkForm(longestPath: Int(clamping: longest ?? Int64(HathorProof.longestPath)))
            guard hathor.blockHash(baseHash: base) == block else { throw .hashMismatch }
            try hathor.verify(baseHash: base, weight: weight, longestPath: .max)
        }
    }

    func judgeSyscoinTag() throws(ProofFileError) -> ProofVerdict {
        let (coinbase, size) = try transaction()
        let reference = try hash("ref_hash")
        let number = try required("ref_height", as: .integer)
        guard let height = UInt32(exactly: number) else { throw .unknownValue("ref_height", String(number)) }
        return verdict(size: size, proves: "the coinbase carries Syscoin's reference", text: \.text) { () throws(SyscoinTagReject) in
            try SyscoinTag(hash: reference, height: height).verify(coinbase.outputs)
        }
    }

    func judgeCommitment() throws(ProofFileError) -> ProofVerdict {
        let (coinbase, size) = try transaction()
        let block = try hash("aux_hash")
        return verdict(size: size, proves: "the coinbase commits to \(block.displayHex) alone", text: \.text) { () throws(AuxPowReject) in
            guard let input = coinbase.inputs.first else { throw .coinbaseNoInputs }
            _ = try AuxPowCommitment.find(root: block, in: input.scriptSig.bytes, magicRequired: false)
        }
    }

    // MARK: - Reading

    private func rules() throws(ProofFileError) -> AuxPowRules {
        let name = try required("flavour", as: .string)
        guard let flavour = AuxPowFlavour(rawValue: name) else { throw .unknownValue("flavour", name) }
        var rules = flavour.rules
        if let chain = try optional("chain_id", as: .integer) {
            guard let id = UInt32(exactly: chain) else { throw .unknownValue("chain_id", String(chain)) }
            rules.chain = ChainID(id)
        }
        if let strict = try optional("strict", as: .bool) { rules.isStrict = strict }
        return rules
    }

    private func allowsWitness() throws(ProofFileError) -> Bool {
        return try optional("segwit", as: .bool) ?? true
    }

    private func transaction() throws(ProofFileError) -> (Transaction, size: Int) {
        let bytes = try bytes("tx")
        guard let transaction = try? Transaction(parsing: bytes) else { throw .unknownValue("tx", "not a transaction") }
        return (transaction, bytes.count)
    }

    private static func parse(_ bytes: [UInt8], allowsWitness: Bool) throws(AuxPowReject) -> AuxPow {
        do { return try AuxPow(parsing: bytes, allowsWitness: allowsWitness) } catch { throw .badEncoding }
    }
}
