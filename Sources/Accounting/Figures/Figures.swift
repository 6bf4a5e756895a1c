/// What is known of one worker.
public struct WorkerFigures: Sendable {
    public let handle: UInt32
    public let account: String
    public let worker: String
    public let shares: ShareFigures
}

/// What came of shares, of a worker or of the whole pool.
public struct ShareFigures: Sendable {
    /// Accepted shares since the ledger began.
    public let accepted: UInt64
    /// Their expected hashes.
    public let weight: UInt128
    /// Refused shares since the ledger began.
    public let rejected: RejectCounts
    /// When the first accepted share came, milliseconds of Unix time; nil when none has.
    public let firstShare: Int64?
    /// When the last accepted share came, milliseconds of Unix time.
    public let lastShare: Int64?
    /// The best difficulty ever, 0 when none is known.
    public let best: Double
    /// When that was, milliseconds of Unix time.
    public let bestTime: Int64?
    public let hashrate: Hashrates

    /// The sum of the accepted shares' difficulties.
    public var acceptedDifficulty: Double { weight.rounded / weightPerDifficulty }
}

/// Expected hashes of a share of difficulty 1: 2^256 / (0xffff · 2^208 + 1), rounded.
let weightPerDifficulty = 4_295_032_833.0

extension UInt128 {
    /// As a floating-point number. The standard library's conversion is generic and takes 200 ns.
    var rounded: Double {
        Double(UInt64(truncatingIfNeeded: self >> 64)) * 0x1p64 + Double(UInt64(truncatingIfNeeded: self))
    }
}
