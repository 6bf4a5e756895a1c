import CZeroMQ
import Glibc
import Synchronization

/// What a subscription and its thread share: the state to read, the orders to obey, and an event descriptor that wakes the thread.
final class HashBlockShared: Sendable {
    let wakeUp: Int32
    private let inner = Mutex(Inner())

    private struct Inner {
        var state = HashBlockSubscription.State.connecting
        var lastNotice: ContinuousClock.Instant?
        var disconnects = 0
        var orders = Orders()
    }

    struct Orders {
        var restart = false
        var stop = false
    }

    init() throws(HashBlockError) {
        wakeUp = eventfd(0, Int32(EFD_NONBLOCK | EFD_CLOEXEC))
        guard wakeUp >= 0 else { throw .noResources(String(cString: strerror(errno))) }
    }

    // Both the subscription and its thread hold this object, so the descriptor outlives every use.
    deinit {
        close(wakeUp)
    }

    var state: HashBlockSubscription.State { inner.withLock { $0.state } }
    var lastNotice: ContinuousClock.Instant? { inner.withLock { $0.lastNotice } }
    var disconnects: Int { inner.withLock { $0.disconnects } }

    func restart() {
        inner.withLock { $0.orders.restart = true }
        wake()
    }

    func stop() {
        inner.withLock { $0.orders.stop = true }
        wake()
    }

    private func wake() {
        var one: UInt64 = 1
        _ = write(wakeUp, &one, 8)
    }

    // MARK: On the thread

    func takeOrders() -> Orders {
        var count: UInt64 = 0
        _ = read(wakeUp, &count, 8)
        return inner.withLock { inner in
            defer { inner.orders.restart = false }
            return inner.orders
        }
    }

    func set(_ state: HashBlockSubscription.State) {
        inner.withLock { inner in
            if state == .disconnected, inner.state == .connected { inner.disconnects += 1 }
            inner.state = state
        }
    }

    /// A notice proves the connection, even when the event that tells of it is still under way.
    func noticed() {
        inner.withLock { inner in
            inner.lastNotice = .now
            inner.state = .connected
        }
    }
}
