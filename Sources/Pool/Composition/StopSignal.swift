import Glibc
import Synchronization

/// The wish to end: SIGINT, SIGTERM, an operator's word, or a command that has done what it was asked.
final class StopSignal: Sendable {
    private struct State {
        var isRaised = false
        var waiting: [CheckedContinuation<Void, Never>] = []
    }

    private let state = Mutex(State())

    /// Takes SIGINT and SIGTERM from here on. SIGPIPE is ignored: a peer that went away is an error of one write.
    init() {
        signal(SIGPIPE, SIG_IGN)
        let isTaken = Signals.take(SIGINT, SIGTERM) { [weak self] in
            self?.raise()
            // A second signal means it: the way out may be what hangs.
            signal(SIGINT, SIG_DFL)
            signal(SIGTERM, SIG_DFL)
        }
        if !isTaken { Log("pool").error("no thread can be started: signals end the pool out of order") }
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
