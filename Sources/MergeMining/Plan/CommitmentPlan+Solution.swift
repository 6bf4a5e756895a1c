public import Bitcoin
public import Hashing
import JSON

extension CommitmentPlan {
    /// The solution of one work by a solved parent header, judged once more with the miner's own bytes before it leaves.
    ///
    /// - Parameters:
    ///   - index: into ``works``.
    ///   - extranonce: the whole field as the miner filled it.
    ///   - branch: the coinbase's, of the job's template.
    ///   - transactions: of the parent block, the coinbase included.
    /// - Throws: the reason the chain would give. Where it `isSabotage`, count it against the worker.
    public func solution(
        of index: Int,
        extranonce: [UInt8],
        header: BlockHeader,
        branch: MerkleBranch,
        transactions: Int
    ) throws(CommitmentViolation) -> AuxiliarySolution {
        guard works.indices.contains(index), let bytes = try? layout.witnessless(extranonce: extranonce),
            let coinbase = try? Transaction(parsing: bytes)
        else { throw .extranonce }
        let work = works[index]
        try verify(work, target: work.target, coinbase: coinbase, bytes: bytes, branch: branch, header: header)
        switch work.content {
        case .rsk(let rsk):
            return AuxiliarySolution(
                kind: .rsk,
                chain: work.chain,
                node: work.node,
                work: work.id,
                height: work.height,
                blockID: nil,
                previous: work.parent,
                parentHash: header.hash.displayHex,
                reward: rsk.fees,
                method: RSKSubmitMethod.partialMerkle.rawValue,
                parameters: .array(RSKSubmission.partialMerkle(header: header, coinbase: bytes, branch: branch, transactions: transactions)),
                proofSize: RSKProof(header: header.serialized, coinbase: bytes, branch: branch).size
            )
        case .auxPow(let auxPow):
            guard let tree, let proof = AuxPow(chain: auxPow.chain, tree: tree, coinbase: coinbase, branch: branch, parent: header) else {
                throw .auxPow(.wrongIndex)
            }
            let object = proof.serialized
            let hex = JSONValue.string(Hex.encode(object))
            return AuxiliarySolution(
                kind: .auxPow,
                chain: work.chain,
                node: work.node,
                work: work.id,
                height: work.height,
                blockID: auxPow.blockID,
                previous: work.parent,
                parentHash: header.hash.displayHex,
                reward: String(auxPow.value),
                method: "submitauxblock",
                parameters: auxPow.namesInternally
                    ? ["blockhash": .string(auxPow.name), "auxpow": hex] : .array([.string(auxPow.name), hex]),
                proofSize: object.count
            )
        }
    }
}
