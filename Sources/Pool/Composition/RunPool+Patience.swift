import Accounting
import Glibc

extension RunPool {
    /// Makes the service, and waits out what passes by itself.
    static func make(
        after resting: PoolService?,
        isSuccessor: Bool,
        until stop: StopSignal,
        _ body: () throws -> PoolService
    ) async throws -> PoolService {
        let begun = ContinuousClock.now
        var told = ""
        while true {
            do {
                return try body()
            } catch {
                let patience = patience(with: error, after: resting, isSuccessor: isSuccessor)
                guard !stop.isRaised, begun.duration(to: .now) < patience else { throw error }
                let text = StartFailure.text(of: error)
                if text != told { Log("pool").error("waits: \(text)") }
                told = text
                // Else the manager would end, at its time limit for starts, what only waits.
                ServiceNotice.send("STATUS=waits: \(text)\nEXTEND_TIMEOUT_USEC=10000000")
                try await Task.sleep(for: .milliseconds(200))
            }
        }
    }

    /// - Parameter resting: the service whose upgrade failed. While it is there its ledger's files are open, so that opening them again needs no room
    ///   on a disk that is full. It ran a moment ago, and its miners are still connected: whatever its ledger meets now is waited out.
    private static func patience(with error: any Error, after resting: PoolService?, isSuccessor: Bool) -> Duration {
        let forever = Duration.seconds(1 << 32)
        if resting != nil, error is LedgerError { return forever }
        // The other process's miners wait: it goes on itself.
        if isSuccessor { return .zero }
        switch error {
        case LedgerError.diskFull: return forever
        case let error as FileError where error.code == ENOSPC: return forever
        // A process that was killed holds its files until its last thread is gone.
        case LedgerError.inUse: return .seconds(3)
        default: return .zero
        }
    }
}
