/// One miner's side of Stratum V1, as a pure value: messages go in, actions come out, no socket anywhere.
struct Session: Sendable {
    /// What the listener it came in by says.
    struct Settings: Sendable, BitwiseCopyable {
        /// The version bits that miners may roll: BIP320's, unless configured.
        var versionMask: UInt32
        /// Messages that are none and shares that cannot be read, before the connection is closed.
        var offenceLimit: UInt16
    }

    /// A name that may submit on this connection.
    struct Worker: Sendable, Equatable {
        let key: WorkerKey
        let authorization: Authorization
        /// A share of its was read, good or not.
        var isOnRecord = false
    }

    /// Proxies bring many workers over one connection; more than this is abuse.
    static let workerLimit = 256

    let settings: Settings
    var difficulty: DifficultyControl
    /// What each job went out with.
    var issued = IssuedDifficulties()
    /// The last difficulty that was sent.
    var announced: ShareDifficulty?

    var identity: SessionIdentity?
    var agent = ""
    var workers: [Worker] = []
    /// The first of them once more, where a share finds it without counting references.
    private var firstWorker: (key: WorkerKey, handle: UInt32, isOnRecord: Bool)?
    /// The version bits this miner may set.
    var versionMask: UInt32
    /// It negotiated a mask and was not told the pool's word on it yet.
    var owesVersionMask = false
    var askedVersion = false
    var offences: UInt16 = 0

    init(settings: Settings, difficulty: DifficultySettings, at now: Int64) {
        self.settings = settings
        self.difficulty = DifficultyControl(settings: difficulty, at: now)
        versionMask = settings.versionMask
    }

    /// Subscribed and authorized: it can be given work.
    var isReady: Bool { identity != nil && !workers.isEmpty }

    /// The payout group whose jobs it gets.
    var group: UInt32? { workers.first?.authorization.group }

    /// The handle of the worker that was authorized first, which is on record from here on.
    mutating func firstSubmitter() -> UInt32? { firstWorker.flatMap { submitter(named: $0.key) } }

    /// The handle of the worker that a share names, which is on record from here on; nil when it was not authorized here.
    mutating func submitter(named key: WorkerKey) -> UInt32? {
        if let firstWorker, firstWorker.key == key {
            if !firstWorker.isOnRecord {
                self.firstWorker?.isOnRecord = true
                workers[0].isOnRecord = true
            }
            return firstWorker.handle
        }
        for index in workers.indices where workers[index].key == key {
            workers[index].isOnRecord = true
            return workers[index].authorization.worker
        }
        return nil
    }

    func isAuthorized(_ key: WorkerKey) -> Bool { workers.contains { $0.key == key } }

    /// Whether any of its shares may be in the books.
    var isOnRecord: Bool { workers.contains(where: \.isOnRecord) }

    /// Asks again for the handles of workers that another process admitted, and lets go of those that have none.
    mutating func readmit(_ handle: (Authorization) -> UInt32?) {
        let known = workers
        (workers, firstWorker) = ([], nil)
        for worker in known {
            guard let number = handle(worker.authorization) else { continue }
            add(Worker(key: worker.key, authorization: Authorization(worker.authorization, worker: number), isOnRecord: worker.isOnRecord))
        }
    }

    /// Lets a worker submit, in place of an earlier one of the same name, which it returns.
    @discardableResult
    mutating func add(_ worker: Worker) -> Worker? {
        var former: Worker?
        if let index = workers.firstIndex(where: { $0.key == worker.key }) {
            former = workers[index]
            workers[index] = worker
            workers[index].isOnRecord = worker.isOnRecord || former?.isOnRecord == true
        } else {
            workers.append(worker)
        }
        if let first = workers.first { firstWorker = (first.key, first.authorization.worker, first.isOnRecord) }
        return former
    }
}
