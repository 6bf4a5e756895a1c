/// The settings' times in milliseconds.
struct LoopLimits: Sendable, BitwiseCopyable {
    let handshake, idle, stall, resumeWindow, jobRetention, departure, transfer, firstShare: Int64
    let output: Int
    let timeAhead: UInt32
    let duplicateMemory: Int

    init(_ settings: StratumSettings) {
        handshake = settings.handshakeTimeout.milliseconds
        idle = settings.idleTimeout.milliseconds
        stall = settings.stallTimeout.milliseconds
        transfer = settings.transferTimeout.milliseconds
        firstShare = settings.firstShareTime.milliseconds
        departure = settings.departureTime.milliseconds
        jobRetention = settings.jobRetention.milliseconds
        // An extranonce1 must rest for as long as headers with it can be judged.
        resumeWindow = max(settings.resumeWindow.milliseconds, jobRetention)
        output = settings.outputLimit
        timeAhead = settings.maximumTimeAhead
        duplicateMemory = settings.duplicateMemory
    }
}

extension Duration {
    var milliseconds: Int64 { components.seconds * 1_000 + components.attoseconds / 1_000_000_000_000_000 }
}

extension Int {
    var nextPowerOfTwo: Int { self <= 1 ? 1 : 1 << (Int.bitWidth - (self - 1).leadingZeroBitCount) }
}
