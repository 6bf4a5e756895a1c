import Accounting
import JSON
import MergeMining

extension BlockJournal.Entry {
    /// - Parameters:
    ///   - time: milliseconds of Unix time.
    ///   - weight: expected hashes of the work's target.
    ///   - isOutside: another pool's software brought it.
    init(_ solution: AuxiliarySolution, by name: WorkerName?, at time: Int64, weight: UInt128, isOutside: Bool = false) {
        self.init(
            chain: solution.chain,
            height: solution.height,
            // Two solutions of one RSK work are two blocks, told apart by their parent headers.
            hash: solution.parentHash,
            account: name?.account ?? "",
            worker: name?.worker ?? "",
            foundAt: time,
            reward: UInt128(solution.reward) ?? 0,
            networkWeight: weight,
            isOutside: isOutside,
            payload: solution.json.serialized()
        )
    }
}

extension FoundBlock {
    /// A solution and what became of it. An RSK block has a hash of its own only once its node has said it.
    init(_ entry: BlockJournal.Entry, _ solution: AuxiliarySolution, _ outcome: AuxiliaryOutcome, worker: UInt32?) {
        var hash = solution.blockID ?? solution.parentHash
        var height = solution.height
        var reward = entry.reward
        switch outcome {
        case .accepted(let block, let at): (hash, height) = (block, at)
        // What an uncle earns is known only when it is paid (REMASC), and is never the whole reward.
        case .uncle(let block, let at): (hash, height, reward) = (block, at, 0)
        default: break
        }
        self.init(
            chain: solution.chain,
            height: height,
            hash: hash,
            parentHash: solution.parentHash,
            worker: worker,
            time: entry.foundAt,
            state: BlockState(rawValue: outcome.blockState) ?? .submitted,
            reward: reward,
            networkWeight: entry.networkWeight,
            isOutside: entry.isOutside
        )
    }
}
