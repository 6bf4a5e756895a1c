import CLinux
import Glibc
import HTTP
import Synchronization

/// The wish to end: SIGINT, SIGTERM, an operator's word, or a command that has done what it was asked.
final class StopSignal: Sendable {
    private struct State {
        var isRaised = false
        var waiting: [CheckedContinuation<Void, Never>] = []
    }

    private let state = Mutex(State())

    /// What a signal handler may touch: one system call on a handle made beforehand.
    private static let handle = eventfd(0, Int32(EFD_CLOEXEC))

    private static let onSignal: @convention(c) (Int32) -> Void = { _ in
        var one: UInt64 = 1
        _ = write(StopSignal.handle, &one, 8)
    }

    /// Takes SIGINT and SIGTERM from here on. SIGPIPE is ignored: a peer that went away is an error of one write.
    init() {
        let handle = StopSignal.handle
        signal(SIGPIPE, SIG_IGN)
        signal(SIGINT, StopSignal.onSignal)
        signal(SIGTERM, StopSignal.onSignal)
        let started = BackgroundThread.start(named: "signals") { [weak self] in
            var count: UInt64 = 0
            while read(handle, &count, 8) < 0 && errno == EINTR {}
            self?.raise()
            // A second signal means it: the way out may be what hangs.
            signal(SIGINT, SIG_DFL)
            signal(SIGTERM, SIG_DFL)
        }
        if !started { Log("pool").error("no thread can be started: signals end the pool out of order") }
    }

    var isRaised: Bool { state.withLock { $0.isRaised } }

    func raise() {
        let waiting = state.withLock { state in
            state.isRaised = true
            return exchange(&state.waiting, with: [])
        }
        for continuation in waiting { continuation.resume() }
    }

    func wait() async {
        await withCheckedContinuation { continuation in
            let isRaised = state.withLock { state in
                if !state.isRaised { state.waiting.append(continuation) }
                return state.isRaised
            }
            if isRaised { continuation.resume() }
        }
    }
}
