import CLinux
import Glibc
import HTTP
import Synchronization

/// SIGHUP, by which service managers and old habit ask a daemon to read its configuration anew.
final class HangupSignal: Sendable {
    private let handler = Mutex<(@Sendable () async -> Void)?>(nil)

    /// What a signal handler may touch: one system call on a handle made beforehand.
    private static let handle = eventfd(0, Int32(EFD_CLOEXEC))

    private static let onSignal: @convention(c) (Int32) -> Void = { _ in
        var one: UInt64 = 1
        _ = write(HangupSignal.handle, &one, 8)
    }

    /// Takes the signal from here on, for as long as the process lives. Without a handler it does nothing.
    init() {
        let handle = HangupSignal.handle
        // One that comes while the one before is worked off is worked off after it; of several, one.
        let (hangups, feed) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        signal(SIGHUP, HangupSignal.onSignal)
        let started = BackgroundThread.start(named: "hangup") {
            while true {
                var count: UInt64 = 0
                guard read(handle, &count, 8) == 8 else {
                    if errno == EINTR { continue } else { return }
                }
                feed.yield()
            }
        }
        Task { for await _ in hangups { await handler.withLock({ $0 })?() } }
        if !started { Log("pool").error("no thread can be started: SIGHUP does nothing") }
    }

    /// Sets what the signal does from now on; nil for nothing.
    func onHangup(_ body: (@Sendable () async -> Void)?) { handler.withLock { $0 = body } }
}
