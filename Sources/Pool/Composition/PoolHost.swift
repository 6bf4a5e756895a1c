import Accounting
import Bitcoin
import Stratum
import Synchronization

/// What the Stratum loops ask of the pool: who may mine, and what to do with a solution.
final class PoolHost: StratumHost {
    private let chain: Chain
    private let own: Address?
    private let workers: WorkerDirectory
    /// Under SOLO each account is paid by a coinbase of its own.
    private let isSolo: Bool
    private let submitter: Submitter
    private let auxiliaries: AuxiliarySubmitter?
    private let groups: Mutex<Groups>
    /// A session waits for its group's first job.
    private let onGroup: @Sendable (UInt32, Script) -> Void

    /// Payout groups: group n + 1 is `scripts[n]`.
    private struct Groups {
        var numbers: [Script: UInt32] = [:]
        var scripts: [Script] = []

        init(_ former: [Script]) {
            for script in former { _ = number(of: script) }
        }

        mutating func number(of script: Script) -> UInt32 {
            if let known = numbers[script] { return known }
            scripts.append(script)
            let number = UInt32(scripts.count)
            numbers[script] = number
            return number
        }
    }

    init(
        chain: Chain,
        own: Address?,
        workers: WorkerDirectory,
        isSolo: Bool,
        submitter: Submitter,
        auxiliaries: AuxiliarySubmitter?,
        formerGroups: [Script] = [],
        onGroup: @escaping @Sendable (UInt32, Script) -> Void
    ) {
        self.chain = chain
        self.own = own
        self.workers = workers
        self.isSolo = isSolo
        self.submitter = submitter
        self.auxiliaries = auxiliaries
        self.onGroup = onGroup
        groups = Mutex(Groups(formerGroups))
    }

    func authorize(username: String, password: String) -> Authorization? {
        guard let name = MinerName(username, chain: chain, own: own),
            let handle = workers.admit(account: name.account, worker: name.worker)
        else { return nil }
        let group = isSolo ? groups.withLock { $0.number(of: name.script) } : 0
        return Authorization(worker: handle, group: group, account: name.account, workerName: name.worker)
    }

    func readmit(account: String, worker: String) -> UInt32? { workers.admit(account: account, worker: worker) }
    func dismiss(worker: UInt32, isOnRecord: Bool) { workers.dismiss(worker, isOnRecord: isOnRecord) }

    /// The scripts of the payout groups, in the order of their numbers.
    var payoutGroups: [Script] { groups.withLock { $0.scripts } }

    /// The payout group of an account that has mined in this run; nil where it has none.
    func group(of script: Script) -> UInt32? { groups.withLock { $0.numbers[script] } }

    func solved(_ solution: Solution) {
        if solution.goals & 1 != 0 { submitter.found(solution) }
        if solution.goals > 1 { auxiliaries?.found(solution) }
    }

    func wantsJob(group: UInt32) {
        let script = groups.withLock { groups in
            group > 0 && Int(group) <= groups.scripts.count ? groups.scripts[Int(group) - 1] : nil
        }
        if let script { onGroup(group, script) }
    }
}
