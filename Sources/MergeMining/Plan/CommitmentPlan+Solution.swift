public import Bitcoin
public import Hashing

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
        return try works[index].solution(tree: tree, coinbase: coinbase, branch: branch, header: header, transactions: transactions)
    }
}
