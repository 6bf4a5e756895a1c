import Hashing

/// What made-up miners sent and heard, for the whole of a chaos.
struct ChaosBook: Sendable {
    struct Worker: Sendable {
        var sent = 0
        var acknowledged = 0
    }

    /// A share that solves the parent chain and that the pool took.
    struct Solution: Sendable {
        let previousHash: Hash256
        let worker: String
    }

    var workers: [String: Worker] = [:]
    var refused: [String: Int] = [:]
    var solutions: [Hash256: Solution] = [:]
    /// Every share sent that solves the parent chain, taken or not, with the block that it stands on.
    var candidates: [Hash256: Hash256] = [:]
    var connections = 0
    /// Connections that came back with their session, and those that got its extranonce1 again.
    var returns = 0
    var resumed = 0
    /// Connections that ended before the miner wanted it.
    var lost = 0
    var tries = 0

    var sent: Int { workers.values.reduce(0) { $0 + $1.sent } }
    var acknowledged: Int { workers.values.reduce(0) { $0 + $1.acknowledged } }
}
