import Hashing

/// A job as a loop keeps it: what each of its shares is held against, laid flat, and who was credited already.
struct JobSlot: ~Copyable {
    let job: Job
    /// The job's number among those this loop has sent.
    private(set) var sequence: UInt64
    let text: NotifyText
    /// Monotonic milliseconds.
    private(set) var publishedAt: Int64
    /// How hard its shares may be.
    let bounds: ShareBounds

    // Copies of what every share needs.
    let group: UInt32
    let tip: UInt64
    let version: UInt32
    let minimumTime: UInt32
    /// The easiest of the network's and the auxiliary chains' targets: a hash above it solves nothing.
    let easiestTarget: Target

    var duplicates = DuplicateTable()
    /// Nothing that miners hold of it can win any more.
    var isWithdrawn = false
    /// When a newer job of its group came; monotonic milliseconds.
    var supersededAt: Int64?
    /// The last candidate of this tick that names the job: see ``CandidateBatch``.
    var lastCandidate: Int32 = -1
    /// The text for `mining.get_transactions`, once somebody asked.
    var transactions: [UInt8]?

    init(_ job: Job, sequence: UInt64, at now: Int64) {
        self.job = job
        self.sequence = sequence
        publishedAt = now
        text = NotifyText(job)
        bounds = ShareBounds(job)
        group = job.group
        tip = job.tip
        version = job.version
        minimumTime = job.minimumTime
        easiestTarget = job.easiestTarget
    }

    /// The chains that a hash solves, as ``Solution/goals`` names them.
    func goals(of hash: Hash256) -> UInt64 {
        easiestTarget.isMet(by: hash) ? job.goals(of: hash) : 0
    }
}

extension JobSlot {
    /// What is known of the job beside itself goes to the next process.
    mutating func pass(through stream: inout HandoverStream) throws(HandoverStream.Failure) {
        try stream.pass(&sequence)
        try stream.pass(&publishedAt)
        try stream.pass(&isWithdrawn)
        try stream.pass(&supersededAt, blank: 0) { stream, time throws(HandoverStream.Failure) in try stream.pass(&time) }
        try duplicates.pass(through: &stream)
    }

    /// Passes over what is known of a job that is not.
    static func skip(in stream: inout HandoverStream) throws(HandoverStream.Failure) {
        var (number, time, flag): (UInt64, Int64?, Bool) = (0, nil, false)
        var duplicates = DuplicateTable()
        try stream.pass(&number)
        try stream.pass(&number)
        try stream.pass(&flag)
        try stream.pass(&time, blank: 0) { stream, time throws(HandoverStream.Failure) in try stream.pass(&time) }
        try duplicates.pass(through: &stream)
    }
}
