import HTTP
import Synchronization

/// Threads that one waits for together, without holding a thread meanwhile.
final class ThreadGroup: Sendable {
    private struct State {
        var running = 0
        var waiting: [CheckedContinuation<Void, Never>] = []
    }

    private let state = Mutex(State())

    /// Runs `body` on a thread of its own; not at all when the system has no room for another.
    func start(named name: String, _ body: @escaping @Sendable () -> Void) {
        state.withLock { $0.running += 1 }
        let started = BackgroundThread.start(named: name) { [self] in
            body()
            ended()
        }
        if !started { ended() }
    }

    /// Returns when none runs.
    func wait() async {
        await withCheckedContinuation { continuation in
            let isOver = state.withLock { state in
                if state.running > 0 { state.waiting.append(continuation) }
                return state.running == 0
            }
            if isOver { continuation.resume() }
        }
    }

    private func ended() {
        let waiting = state.withLock { state in
            state.running -= 1
            guard state.running == 0 else { return [CheckedContinuation<Void, Never>]() }
            defer { state.waiting = [] }
            return state.waiting
        }
        for continuation in waiting { continuation.resume() }
    }
}
