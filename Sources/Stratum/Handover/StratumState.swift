/// A Stratum server at rest, for the process that goes on with it.
public struct StratumState: Sendable {
    var loops: [LoopState] = []
    /// Who was banned, and for what.
    var addresses = HandoverStream()
    /// Miners are being moved away.
    var drain: Drain?

    public init() {}

    public var connectionCount: Int { loops.reduce(0) { $0 + $1.connections } }

    /// Every job that shares may still name, once each.
    public var jobs: [Job] {
        var known: [UInt64: Job] = [:]
        for job in loops.lazy.flatMap(\.jobs) { known[job.id.value] = job }
        return known.values.sorted { $0.id.value < $1.id.value }
    }

    /// TLS connections, whose keys stay where they are.
    public var secured: [SecuredPair] { loops.flatMap(\.secured) }

    /// Open connections and listening sockets go as sockets of the stream; the jobs are for the pool to pass.
    public mutating func pass(through stream: inout HandoverStream) throws(HandoverStream.Failure) {
        try stream.pass(&loops, blank: LoopState()) { stream, loop throws(HandoverStream.Failure) in try loop.pass(through: &stream) }
        try stream.pass(&addresses)
        try stream.pass(&drain, blank: Drain(since: 0, over: 0)) { stream, drain throws(HandoverStream.Failure) in try drain.pass(through: &stream) }
    }
}

extension StratumServer {
    /// Reads no more, answers what was read, and gives up all it has. The server is at its end then; its sockets live on in the answer.
    ///
    /// - Returns: nil when a loop could not say what it has, which ends its connections.
    public func handOver(patience: Duration = .seconds(5)) async -> StratumState? {
        await withTaskGroup { group in
            for mailbox in mailboxes {
                group.addTask {
                    await withCheckedContinuation { continuation in
                        mailbox.post(.rest(within: patience.milliseconds) { continuation.resume() })
                    }
                }
            }
        }
        // Only now: a connection on its way from one loop to another has arrived in a letter box by then.
        var state = StratumState()
        for mailbox in mailboxes {
            let loop = await withCheckedContinuation { continuation in mailbox.post(.handOver { continuation.resume(returning: $0) }) }
            guard let loop else { return nil }
            state.loops.append(loop)
        }
        await ended()
        state.drain = drain
        do throws(HandoverStream.Failure) { try guardian.pass(through: &state.addresses) } catch { return nil }
        return state
    }
}
