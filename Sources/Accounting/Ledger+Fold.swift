internal import Dispatch
import Synchronization

/// Groups that the store does not have yet.
struct Unfolded {
    /// On its way, or waiting for the store to answer again.
    var leaving: FoldBatch?
    private(set) var waiting = FoldBatch()
    private var leavingBytes = 0
    private var waitingBytes = 0
    var isScheduled = false
    /// When old windows were last looked for.
    var aged: Int64 = 0
    var isSettling = false
    /// Why the last settlement of rounds failed; nil when it did not.
    var roundFailure: LedgerError?
    /// Why the last fold failed; nil when it did not.
    var failure: LedgerError?

    /// Bytes of log behind both.
    var bytes: Int { leavingBytes + waitingBytes }
    var shares: UInt64 { (leaving?.shares ?? 0) + waiting.shares }

    mutating func add(_ group: ShareGroup, bytes: Int) {
        waiting.add(group)
        waitingBytes += bytes
    }

    /// The batch to fold next: the one that failed, else all that waits; nil when there is nothing.
    mutating func leave() -> FoldBatch? {
        if let leaving { return leaving }
        if waiting.isEmpty { return nil }
        leaving = waiting
        leavingBytes = waitingBytes
        waiting = FoldBatch()
        waitingBytes = 0
        return leaving
    }

    mutating func left() {
        leaving = nil
        leavingBytes = 0
        failure = nil
    }
}

extension Ledger {
    /// Folds in a while, unless that is under way.
    func scheduleFold() {
        let isNew = unfolded.withLock { state in
            defer { state.isScheduled = true }
            return !state.isScheduled
        }
        guard isNew else { return }
        queue.asyncAfter(deadline: .now() + .milliseconds(settings.foldMilliseconds)) { [weak self] in
            guard let self else { return }
            unfolded.withLock { $0.isScheduled = false }
            do {
                try foldWaiting()
                ageWhenDue()
                if log.isShared, !appender.withLock({ $0.isClosed }) { scheduleFold() }
                let isSettled = unfolded.withLock { $0.roundFailure == nil }
                if !isSettled { scheduleSettlement() }
            } catch {
                // The groups are safe in the log; `status` shows the failure.
                scheduleFold()
            }
        }
    }

    /// Folds everything that is stored by now.
    func foldAll() throws(LedgerError) {
        try onQueue { () throws(LedgerError) in try foldWaiting() }
    }

    func onQueue<Result>(_ body: () throws(LedgerError) -> Result) throws(LedgerError) -> Result {
        try queue.sync { () -> Swift.Result<Result, LedgerError> in
            do throws(LedgerError) {
                return .success(try body())
            } catch {
                return .failure(error)
            }
        }.get()
    }

    /// On the queue alone.
    func foldWaiting() throws(LedgerError) {
        while let batch = unfolded.withLock({ $0.leave() }) {
            do throws(LedgerError) {
                try log.fold(batch, into: store)
            } catch {
                unfolded.withLock { $0.failure = error }
                throw error
            }
            unfolded.withLock { $0.left() }
        }
        guard log.isShared else { return }
        try log.foldRest(into: store)
        try readOthers()
    }
}
