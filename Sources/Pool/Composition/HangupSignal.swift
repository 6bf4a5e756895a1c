import Glibc
import Synchronization

/// SIGHUP, by which service managers and old habit ask a daemon to read its configuration anew.
final class HangupSignal: Sendable {
    private let handler = Mutex<(@Sendable () async -> Void)?>(nil)

    /// Takes the signal from here on, for as long as the process lives. Without a handler it does nothing.
    init() {
        // One that comes while the one before is worked off is worked off after it; of several, one.
        let (hangups, feed) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        let isTaken = Signals.take(SIGHUP) { feed.yield() }
        Task { for await _ in hangups { await handler.withLock({ $0 })?() } }
        if !isTaken { Log("pool").error("no thread can be started: SIGHUP ends the pool") }
    }

    /// Sets what the signal does from now on; nil for nothing.
    func onHangup(_ body: (@Sendable () async -> Void)?) { handler.withLock { $0 = body } }
}
