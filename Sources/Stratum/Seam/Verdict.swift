public import Hashing

/// Why a share or a request was refused: the closed list, the same in replies, logs and counters.
public enum RejectReason: UInt8, CaseIterable, Sendable {
    case stale = 1
    case unknownJob
    case duplicate
    case lowDifficulty
    case badExtranonce
    case badTime
    case badVersion
    case malformed
    case unauthorized
    case notSubscribed
    case storeUnavailable

    /// The label in counters, logs and JSON.
    public var label: String {
        switch self {
        case .stale: "stale"
        case .unknownJob: "unknown-job"
        case .duplicate: "duplicate"
        case .lowDifficulty: "low-difficulty"
        case .badExtranonce: "bad-extranonce"
        case .badTime: "bad-time"
        case .badVersion: "bad-version"
        case .malformed: "malformed"
        case .unauthorized: "unauthorized"
        case .notSubscribed: "not-subscribed"
        case .storeUnavailable: "store-unavailable"
        }
    }

    /// The Stratum V1 error code, 20…25.
    public var code: Int {
        switch self {
        case .stale, .unknownJob: 21
        case .duplicate: 22
        case .lowDifficulty: 23
        case .unauthorized: 24
        case .notSubscribed: 25
        case .badExtranonce, .badTime, .badVersion, .malformed, .storeUnavailable: 20
        }
    }
}

/// What a loop found of one share, as it leaves the share path for the ledger.
public struct ShareRecord: BitwiseCopyable, Sendable {
    /// The handle that ``Authorization/worker`` gave.
    public var worker: UInt32
    /// 0 for an accepted share, else ``RejectReason/rawValue``.
    public var reason: UInt8
    /// The job the share named; 0 when it named none that is known.
    public var job: UInt64
    /// When the share was read, milliseconds of Unix time.
    public var time: Int64
    /// The expected hashes of the share target it was judged by; 0 when refused.
    public var weight: UInt128
    /// The header hash as a difficulty, for best shares; 0 when it was not hashed.
    public var difficulty: Double

    public init(worker: UInt32, reason: UInt8, job: UInt64, time: Int64, weight: UInt128, difficulty: Double) {
        self.worker = worker
        self.reason = reason
        self.job = job
        self.time = time
        self.weight = weight
        self.difficulty = difficulty
    }

    /// Nil for an accepted share.
    public var rejectReason: RejectReason? { RejectReason(rawValue: reason) }
}

/// A header that meets the target of the parent chain, of an auxiliary chain, or of several.
public struct Solution: Sendable {
    public let job: Job
    /// extranonce1 ‖ extranonce2, as they stand in the coinbase.
    public let extranonce: [UInt8]
    /// The header's whole version, rolled bits included.
    public let version: UInt32
    public let time: UInt32
    public let nonce: UInt32
    public let hash: Hash256
    public let worker: UInt32
    /// Bit 0 for the parent chain, bit n + 1 for `job.auxiliaryTargets[n]`.
    public let goals: UInt64
    /// Monotonic nanoseconds of the read that held the share.
    public let readAt: UInt64

    public init(
        job: Job,
        extranonce: [UInt8],
        version: UInt32,
        time: UInt32,
        nonce: UInt32,
        hash: Hash256,
        worker: UInt32,
        goals: UInt64,
        readAt: UInt64
    ) {
        self.job = job
        self.extranonce = extranonce
        self.version = version
        self.time = time
        self.nonce = nonce
        self.hash = hash
        self.worker = worker
        self.goals = goals
        self.readAt = readAt
    }
}
