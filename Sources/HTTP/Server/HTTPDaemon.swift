import CMicroHTTPD
import Glibc
import Synchronization

/// One libmicrohttpd daemon and the requests it has under way.
final class HTTPDaemon: Sendable {
    let limits: HTTPServer.Limits
    let admission: HTTPServer.Admission
    let handler: HTTPServer.Handler
    let arrivals: HTTPArrivals
    private let state = Mutex(State())

    private struct State {
        var daemon: DaemonHandle?
        var path: String?
        var exchanges: [ObjectIdentifier: HTTPExchange] = [:]
        var stopping: Task<Void, Never>?
        /// Woken when the last exchange is over.
        var drained: CheckedContinuation<Void, Never>?
    }

    /// `@unchecked Sendable` holds because the daemon behind it does its own locking, and it is stopped once, by the one task in `State.stopping`.
    private struct DaemonHandle: @unchecked Sendable {
        let pointer: OpaquePointer
    }

    init(limits: HTTPServer.Limits, admission: @escaping HTTPServer.Admission, handler: @escaping HTTPServer.Handler) {
        self.limits = limits
        self.admission = admission
        self.handler = handler
        arrivals = HTTPArrivals(patience: limits.arrival)
    }

    /// Serves the listener, which belongs to the daemon from here on.
    func start(_ listener: HTTPListener, named text: String) throws(HTTPServerError) {
        let settings = mhd_settings(
            socket: listener.socket,
            memory_per_connection: limits.headerBytes,
            connections: UInt32(clamping: limits.connections),
            connections_per_address: UInt32(clamping: limits.connectionsPerAddress),
            idle_seconds: UInt32(clamping: (limits.idle.milliseconds + 999) / 1000)
        )
        // Unretained: `HTTPServer` holds this object until `stop` has ended the daemon.
        guard let daemon = mhd_start(settings, httpAccess, httpCompleted, httpConnected, Unmanaged.passUnretained(self).toOpaque()) else {
            let words = String(cString: strerror(errno))
            close(listener.socket)
            if let path = listener.path { unlink(path) }
            throw .system(text, words)
        }
        state.withLock { state in
            state.daemon = DaemonHandle(pointer: daemon)
            state.path = listener.path
        }
    }

    /// Enters an exchange; false when the daemon is stopping and nothing may be suspended any more.
    func enter(_ exchange: HTTPExchange) -> Bool {
        state.withLock { state in
            state.exchanges[ObjectIdentifier(exchange)] = exchange
            return state.stopping == nil
        }
    }

    func leave(_ exchange: HTTPExchange) {
        let drained = state.withLock { state -> CheckedContinuation<Void, Never>? in
            state.exchanges[ObjectIdentifier(exchange)] = nil
            return state.exchanges.isEmpty ? state.drained.take() : nil
        }
        drained?.resume()
    }
}

// MARK: - Stopping

extension HTTPDaemon {
    /// The listening socket, which is no longer the daemon's; nil when there is none to give.
    func handOver() -> Int32? {
        state.withLock { state in
            guard let daemon = state.daemon, state.stopping == nil else { return nil }
            let socket = MHD_quiesce_daemon(daemon.pointer)
            guard socket >= 0 else { return nil }
            // The socket's file is in use.
            state.path = nil
            return socket
        }
    }

    /// How long answers under way may take to reach their clients.
    private static let drainTime = Duration.seconds(2)

    /// - Parameter grace: how long handlers at work may take to come to their own end.
    func stop(grace: Duration) async {
        let end = ContinuousClock.now + grace
        while state.withLock({ $0.exchanges.values.contains(where: \.isWaiting) }), ContinuousClock.now < end {
            try? await Task.sleep(for: .milliseconds(5))
        }
        let task = state.withLock { state in
            let task = state.stopping ?? Task { await self.shutDown() }
            state.stopping = task
            return task
        }
        await task.value
    }

    /// libmicrohttpd must not be stopped with a request suspended, so all are answered first.
    private func shutDown() async {
        for exchange in state.withLock({ Array($0.exchanges.values) }) { exchange.abort() }
        await drain()
        let (daemon, path) = state.withLock { ($0.daemon.take(), $0.path.take()) }
        guard let daemon else { return }
        // It joins its thread, which would block the cooperative pool.
        await withCheckedContinuation { continuation in
            let stop: @Sendable () -> Void = {
                MHD_stop_daemon(daemon.pointer)
                continuation.resume()
            }
            if !BackgroundThread.start(named: "http-stop", stop) { stop() }
        }
        arrivals.stop()
        if let path { unlink(path) }
    }

    private func drain() async {
        let timeLimit = Task {
            try? await Task.sleep(for: Self.drainTime)
            state.withLock { $0.drained.take() }?.resume()
        }
        await withCheckedContinuation { continuation in
            let empty = state.withLock { state in
                if !state.exchanges.isEmpty { state.drained = continuation }
                return state.exchanges.isEmpty
            }
            if empty { continuation.resume() }
        }
        timeLimit.cancel()
    }
}

// MARK: - Called by libmicrohttpd, on its thread

/// Called when the headers of a request are there, for each piece of its body, at its end, and once more after each resumption.
private let httpAccess: MHD_AccessHandlerCallback = { context, connection, path, method, _, bytes, count, slot in
    guard let context, let connection, let path, let method, let count, let slot else { return .NO }
    let daemon = Unmanaged<HTTPDaemon>.fromOpaque(context).takeUnretainedValue()
    guard let known = slot.pointee else {
        let exchange = HTTPExchange(daemon: daemon, connection: connection, method: String(cString: method), path: String(cString: path))
        // Balanced in `httpCompleted`.
        slot.pointee = Unmanaged.passRetained(exchange).toOpaque()
        return exchange.begin()
    }
    let exchange = Unmanaged<HTTPExchange>.fromOpaque(known).takeUnretainedValue()
    guard count.pointee > 0, let bytes else { return exchange.proceed() }
    defer { count.pointee = 0 }
    return exchange.receive(UnsafeRawBufferPointer(start: bytes, count: count.pointee))
}

/// Called once when a request is over, however it ended.
private let httpCompleted: MHD_RequestCompletedCallback = { _, _, slot, _ in
    guard let slot, let known = slot.pointee else { return }
    slot.pointee = nil
    Unmanaged<HTTPExchange>.fromOpaque(known).takeRetainedValue().end()
}

/// Called when a connection is taken, and before its socket is closed.
private let httpConnected: MHD_NotifyConnectionCallback = { context, connection, _, event in
    guard let context, let connection else { return }
    let arrivals = Unmanaged<HTTPDaemon>.fromOpaque(context).takeUnretainedValue().arrivals
    switch event {
    case .CONNECTION_NOTIFY_STARTED: arrivals.opened(ConnectionHandle(pointer: connection), socket: mhd_socket(connection))
    case .CONNECTION_NOTIFY_CLOSED: arrivals.closed(ConnectionHandle(pointer: connection))
    default: break
    }
}
