public import Hashing

/// What miners are asked to work on: one parent header without nonce, one coinbase around an extranonce field.
///
/// Immutable and shared by every loop; made by the pool, judged by the loops. A job carries all that its shares are judged by, so a share
/// is never held against a newer template's rules (design, invariant 1).
///
/// The extranonce field holds, in this order: extranonce1 (4 bytes), extranonce2 (8 bytes) and, from the thirteenth byte on, bytes that the
/// miner sees as the beginning of the coinbase's second part. The first of those is the job's *variant*: when a connection needs the same job at
/// another difficulty at once, it gets it with another variant, hence another header. A share then commits to the difficulty it was mined at, and
/// nobody gains by choosing afterwards which difficulty to claim. With a field of 12 bytes there are no variants, and every change of difficulty
/// waits for the next job.
public final class Job: Sendable {
    /// Never used twice, not after a restart either.
    public let id: JobID
    /// Which payout group's coinbase this is; 0 is the shared one.
    public let group: UInt32
    /// Counts the parent tips this run has seen: a share of a job whose tip is not the newest is stale.
    public let tip: UInt64
    public let previousHash: Hash256
    /// With every bit that miners may roll cleared: the three conventions for the sixth submit field then agree.
    public let version: UInt32
    public let bits: CompactBits
    /// The template's time, Unix seconds.
    public let time: UInt32
    /// The lowest time the parent chain takes (median time past + 1).
    public let minimumTime: UInt32
    /// The coinbase without witness, up to the extranonce field and behind it.
    public let coinbasePrefix: [UInt8]
    public let coinbaseSuffix: [UInt8]
    /// The coinbase's Merkle siblings, leaf to root.
    public let branch: [Hash256]
    /// What a header's hash must not exceed to be a parent block.
    public let networkTarget: Target
    /// No share of this job is judged by a harder target than this, whatever difficulty its connection has: the network target at least
    /// (design, invariant 7), or an easier one that the pool wishes. Auxiliary targets bound each connection's difficulty by what it wishes.
    public let hardestShareTarget: Target
    /// The auxiliary chains' targets, in the order the pool gave them; their indices come back in ``Solution/goals``.
    public let auxiliaryTargets: [Target]
    /// The easiest of the network's and the auxiliary chains' targets: a hash above it solves nothing.
    public let easiestTarget: Target
    /// The kernels' constants for this job.
    public let plan: JudgePlan
    /// The template's transactions without the coinbase as a JSON array of hex strings, for `mining.get_transactions`; nil answers with an error.
    ///
    /// Called on a loop's thread at most once per loop and job: it hands out text made beforehand, or makes it fast.
    public let transactions: (@Sendable () -> [UInt8])?
    /// The pool's own handle (template, auxiliary work, submission state); the loops never look inside.
    public let context: any Sendable

    public init(
        id: JobID,
        group: UInt32 = 0,
        tip: UInt64,
        previousHash: Hash256,
        version: UInt32,
        bits: CompactBits,
        time: UInt32,
        minimumTime: UInt32,
        coinbasePrefix: [UInt8],
        extranonceSize: Int,
        coinbaseSuffix: [UInt8],
        branch: [Hash256],
        networkTarget: Target,
        hardestShareTarget: Target? = nil,
        auxiliaryTargets: [Target] = [],
        transactions: (@Sendable () -> [UInt8])? = nil,
        context: any Sendable
    ) {
        self.id = id
        self.group = group
        self.tip = tip
        self.previousHash = previousHash
        self.version = version
        self.bits = bits
        self.time = time
        self.minimumTime = minimumTime
        self.coinbasePrefix = coinbasePrefix
        self.coinbaseSuffix = coinbaseSuffix
        self.branch = branch
        self.networkTarget = networkTarget
        self.hardestShareTarget = max(hardestShareTarget ?? networkTarget, networkTarget)
        self.auxiliaryTargets = auxiliaryTargets
        easiestTarget = auxiliaryTargets.reduce(networkTarget) { max($0, $1) }
        self.transactions = transactions
        self.context = context
        plan = JudgePlan(
            coinbasePrefix: coinbasePrefix,
            extranonceSize: extranonceSize,
            coinbaseSuffix: coinbaseSuffix,
            branch: branch,
            previousHash: previousHash,
            bits: bits
        )
    }
}

extension Job {
    /// The chains that a hash solves, as ``Solution/goals`` names them.
    public func goals(of hash: Hash256) -> UInt64 {
        guard easiestTarget.isMet(by: hash) else { return 0 }
        var goals: UInt64 = networkTarget.isMet(by: hash) ? 1 : 0
        for (index, target) in auxiliaryTargets.prefix(63).enumerated() where target.isMet(by: hash) { goals |= 2 << UInt64(index) }
        return goals
    }
}

/// A job's number: the run's number in the high half, a counter in the low half.
///
/// The run number is fresh at every start, so a job id never returns (design, invariant 6).
public struct JobID: Hashable, Sendable, BitwiseCopyable {
    public let value: UInt64

    public init(value: UInt64) {
        self.value = value
    }

    public init(run: UInt32, serial: UInt32) {
        value = UInt64(run) << 32 | UInt64(serial)
    }

    public var run: UInt32 { UInt32(truncatingIfNeeded: value >> 32) }
    public var serial: UInt32 { UInt32(truncatingIfNeeded: value) }
}
