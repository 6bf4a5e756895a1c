import Bitcoin
import Hashing
import JSON

extension AuxiliaryWork {
    var isRSK: Bool {
        if case .rsk = content { true } else { false }
    }

    /// Judges coinbase, branch and header as the work's chain does.
    ///
    /// - Parameters:
    ///   - target: what the header's hash must not exceed.
    ///   - tree: that the coinbase commits to; nil where no AuxPoW chain is configured.
    func verify(
        target: Target,
        tree: AuxiliaryTree?,
        coinbase: Transaction,
        branch: MerkleBranch,
        header: BlockHeader
    ) throws(CommitmentViolation) {
        switch content {
        case .rsk(let work):
            do {
                try RSKProof(header: header.serialized, coinbase: coinbase.witnessless, branch: branch).verify(hash: work.hash, target: target)
            } catch {
                throw .rsk(error)
            }
        case .auxPow(let work):
            let proof = try auxPow(work, tree, coinbase, branch, header)
            do throws(AuxPowReject) {
                if work.rules.refusesAuxiliaryParent, AuxiliaryVersion(header.version).isAuxiliary { throw .parentAuxiliaryVersion }
                guard target.isMet(by: header.hash) else { throw .highHash }
                try proof.verifyCommitment(to: work.leaf, rules: work.rules)
            } catch {
                throw .auxPow(error)
            }
            do { try work.syscoinTag?.verify(coinbase.outputs) } catch { throw .syscoin(error) }
        }
    }

    /// The solution by a solved parent header, after judging it.
    func solution(
        tree: AuxiliaryTree?,
        coinbase: Transaction,
        branch: MerkleBranch,
        header: BlockHeader,
        transactions: Int
    ) throws(CommitmentViolation) -> AuxiliarySolution {
        try verify(target: target, tree: tree, coinbase: coinbase, branch: branch, header: header)
        switch content {
        case .rsk(let work):
            let bytes = coinbase.witnessless
            return AuxiliarySolution(
                kind: .rsk,
                chain: chain,
                node: node,
                work: id,
                height: height,
                blockID: nil,
                previous: parent,
                parentHash: header.hash.displayHex,
                reward: work.fees,
                method: RSKSubmitMethod.partialMerkle.rawValue,
                parameters: .array(RSKSubmission.partialMerkle(header: header, coinbase: bytes, branch: branch, transactions: transactions)),
                proofSize: RSKProof(header: header.serialized, coinbase: bytes, branch: branch).size
            )
        case .auxPow(let work):
            let proof = try auxPow(work, tree, coinbase, branch, header).serialized
            let hex = JSONValue.string(Hex.encode(proof))
            return AuxiliarySolution(
                kind: .auxPow,
                chain: chain,
                node: node,
                work: id,
                height: height,
                blockID: work.blockID,
                previous: parent,
                parentHash: header.hash.displayHex,
                reward: String(work.value),
                method: "submitauxblock",
                parameters: work.namesInternally ? ["blockhash": .string(work.name), "auxpow": hex] : .array([.string(work.name), hex]),
                proofSize: proof.count
            )
        }
    }

    private func auxPow(
        _ work: AuxPowWork,
        _ tree: AuxiliaryTree?,
        _ coinbase: Transaction,
        _ branch: MerkleBranch,
        _ header: BlockHeader
    ) throws(CommitmentViolation) -> AuxPow {
        guard let tree, let proof = AuxPow(chain: work.chain, tree: tree, coinbase: coinbase, branch: branch, parent: header) else {
            throw .auxPow(.wrongIndex)
        }
        return proof
    }
}
