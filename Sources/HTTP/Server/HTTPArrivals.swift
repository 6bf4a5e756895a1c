import Glibc
import Synchronization

/// Ends the connections whose requests take too long to come.
///
/// libmicrohttpd ends a connection that is silent. One that sends a byte now and then is never silent, and could be held for ever.
final class HTTPArrivals: Sendable {
    private let patience: Duration
    private let state = Mutex(State())

    private struct State {
        var connections: [ConnectionHandle: Connection] = [:]
        /// Runs while there are connections.
        var watch: Task<Void, Never>?
    }

    private struct Connection {
        var socket: Int32
        /// By then a request must be here whole; nil while one is being answered.
        var deadline: ContinuousClock.Instant?
    }

    /// - Parameter patience: from the connection, or from the answer before, to the end of a request.
    init(patience: Duration) {
        self.patience = patience
    }

    func opened(_ connection: ConnectionHandle, socket: Int32) {
        state.withLock { state in
            state.connections[connection] = Connection(socket: socket, deadline: .now + patience)
            if state.watch == nil { state.watch = Task { await self.watch() } }
        }
    }

    /// A request is here whole.
    func arrived(on connection: ConnectionHandle) { state.withLock { $0.connections[connection]?.deadline = nil } }

    /// Its answer has gone out; another may follow.
    func answered(on connection: ConnectionHandle) { state.withLock { $0.connections[connection]?.deadline = .now + patience } }

    /// To be called before the socket is closed: afterwards its number is somebody else's.
    func closed(_ connection: ConnectionHandle) { state.withLock { $0.connections[connection] = nil } }

    func stop() { state.withLock { $0.watch.take() }?.cancel() }

    private func watch() async {
        repeat { try? await Task.sleep(for: patience / 4) } while !Task.isCancelled && endLate()
    }

    /// Ends those whose time is over. libmicrohttpd notices, and closes them.
    /// - Returns: whether there are connections left to watch.
    private func endLate() -> Bool {
        state.withLock { state in
            let now = ContinuousClock.now
            for connection in state.connections.values where connection.deadline.map({ $0 <= now }) ?? false {
                shutdown(connection.socket, Int32(SHUT_RDWR))
            }
            if state.connections.isEmpty { state.watch = nil }
            return !state.connections.isEmpty
        }
    }
}
