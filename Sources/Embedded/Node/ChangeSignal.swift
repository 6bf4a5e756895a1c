import Synchronization

/// Lets tasks wait for a change without holding a thread.
///
/// A waiter says which change it has seen already, so none is missed between looking and waiting.
final class ChangeSignal: Sendable {
    private struct Waiter {
        var continuation: CheckedContinuation<Void, Never>
        var alarm: Task<Void, Never>?

        func wake() {
            alarm?.cancel()
            continuation.resume()
        }
    }

    private struct State {
        var generation: UInt64 = 0
        var lastKey: UInt64 = 0
        var waiters: [UInt64: Waiter] = [:]
    }

    private let state = Mutex(State())

    /// Counts the changes so far.
    var generation: UInt64 { state.withLock { $0.generation } }

    func change() {
        let waiters = state.withLock { state in
            state.generation += 1
            defer { state.waiters = [:] }
            return state.waiters
        }
        for waiter in waiters.values { waiter.wake() }
    }

    /// Returns at a change after `generation`, when `limit` is over, or when the task is cancelled.
    func wait(after generation: UInt64, for limit: Duration? = nil) async {
        let key = state.withLock { state in
            state.lastKey += 1
            return state.lastKey
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isOver = state.withLock { state in
                    // Under the lock: a cancellation after this line finds the waiter entered.
                    if state.generation != generation || Task.isCancelled { return true }
                    let alarm = limit.map { limit in
                        Task {
                            try? await Task.sleep(for: limit)
                            wake(key)
                        }
                    }
                    state.waiters[key] = Waiter(continuation: continuation, alarm: alarm)
                    return false
                }
                if isOver { continuation.resume() }
            }
        } onCancel: {
            wake(key)
        }
    }

    private func wake(_ key: UInt64) {
        state.withLock { $0.waiters.removeValue(forKey: key) }?.wake()
    }
}
