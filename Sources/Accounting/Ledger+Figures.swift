import Synchronization

/// How the ledger itself is doing.
public struct LedgerStatus: Sendable {
    public let durability: Durability
    /// Shares that are durable in the log and not yet in the store's windows.
    public let unfoldedShares: UInt64
    /// Bytes of log behind them.
    public let unfoldedBytes: Int
    /// Why the store did not take the last batch; nil when it did.
    public let failure: LedgerError?
    /// Why rounds could not be closed or money moved; nil when nothing waits.
    public let roundFailure: LedgerError?
}

extension Ledger {
    public var status: LedgerStatus {
        unfolded.withLock {
            LedgerStatus(
                durability: settings.durability,
                unfoldedShares: $0.shares,
                unfoldedBytes: $0.bytes,
                failure: $0.failure,
                roundFailure: $0.roundFailure
            )
        }
    }

    /// The whole pool's figures, as of the last stored group.
    public var poolFigures: ShareFigures {
        let now = now
        return live.withLock { $0.pool.figures(at: now) }
    }

    /// Every worker's figures that ever had a share judged, in the order in which they were first seen.
    public func workerFigures() -> [WorkerFigures] {
        let (now, names) = (now, workers.names)
        return live.withLock { live in
            names.indices.compactMap { index in
                let running = live[UInt32(index)]
                guard running.accepted > 0 || running.rejected.total > 0 else { return nil }
                return WorkerFigures(
                    handle: UInt32(index),
                    account: names[index].account,
                    worker: names[index].worker,
                    shares: running.figures(at: now)
                )
            }
        }
    }

    /// One worker's figures; nil for a handle that was never given.
    public func figures(of handle: UInt32) -> WorkerFigures? {
        guard let name = workers[handle] else { return nil }
        let now = now
        let shares = live.withLock { $0[handle].figures(at: now) }
        return WorkerFigures(handle: handle, account: name.account, worker: name.worker, shares: shares)
    }

    /// Workers with an accepted share in the last `seconds`.
    public func activeWorkers(within seconds: Int = 600) -> Int {
        let (now, count) = (now, workers.count)
        return live.withLock { live in
            (0..<count).count { index in live[UInt32(index)].last.map { now - $0 <= Int64(seconds) * 1000 } ?? false }
        }
    }
}
