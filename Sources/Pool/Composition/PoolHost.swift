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
    private let groups: Mutex<PayoutGroups>
    /// A session waits for its group's first job.
    private let onGroup: @Sendable (UInt32, Script) -> Void

    init(
        chain: Chain,
        own: Address?,
        workers: WorkerDirectory,
        isSolo: Bool,
        submitter: Submitter,
        auxiliaries: AuxiliarySubmitter?,
        formerGroups: PayoutGroups = PayoutGroups(),
        onGroup: @escaping @Sendable (UInt32, Script) -> Void
    ) {
        self.chain = chain
        self.own = own
        self.workers = workers
        self.isSolo = isSolo
        self.submitter = submitter
        self.auxiliaries = auxiliaries
        self.onGroup = onGroup
        groups = Mutex(formerGroups)
    }

    func authorize(username: String, password: String) -> Authorization? {
        guard let name = MinerName(username, chain: chain, own: own),
            let handle = workers.admit(account: name.account, worker: name.worker)
        else { return nil }
        let group = isSolo ? groups.withLock { $0.admit(name.script, at: .now) } : 0
        return Authorization(worker: handle, group: group, account: name.account, workerName: name.worker)
    }

    func readmit(_ former: Authorization) -> UInt32? {
        guard let handle = workers.admit(account: former.account, worker: former.workerName) else { return nil }
        groups.withLock { $0.readmit(former.group) }
        return handle
    }

    func dismiss(_ authorization: Authorization, isOnRecord: Bool) {
        workers.dismiss(authorization.worker, isOnRecord: isOnRecord)
        groups.withLock { $0.dismiss(authorization.group, at: .now) }
    }

    func banned(_ address: SocketAddress, reason: DisconnectReason) {
        let cause = reason.isOffence ? reason.label : "handshakes without a miner"
        Log("stratum").warning("\(address.host) is banned for a while (\(cause)); `poolctl unban` ends it")
    }

    var payoutGroups: PayoutGroups { groups.withLock { $0 } }

    /// The payout group of an account that has mined in this run; nil where it has none.
    func group(of script: Script) -> UInt32? { groups.withLock { $0.number(of: script) } }

    func solved(_ solution: Solution) {
        if solution.goals & 1 != 0 { submitter.found(solution) }
        if solution.goals > 1 { auxiliaries?.found(solution) }
    }

    func wantsJob(group: UInt32) {
        let script = groups.withLock { $0.script(of: group) }
        if let script { onGroup(group, script) }
    }
}
