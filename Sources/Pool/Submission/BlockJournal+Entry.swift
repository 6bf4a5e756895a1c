import Accounting

extension BlockJournal.Entry {
    init(_ block: FoundBlock, by name: WorkerName, payload: [UInt8]) {
        self.init(
            chain: block.chain,
            height: block.height,
            hash: block.hash,
            account: name.account,
            worker: name.worker,
            foundAt: block.time,
            reward: block.reward,
            networkWeight: block.networkWeight,
            payload: payload
        )
    }

    /// - Parameter worker: the handle that the finder's names have in this run.
    func block(worker: UInt32?) -> FoundBlock {
        FoundBlock(chain: chain, height: height, hash: hash, worker: worker, time: foundAt, reward: reward, networkWeight: networkWeight)
    }
}
