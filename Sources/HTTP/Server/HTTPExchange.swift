import CMicroHTTPD
import Synchronization

/// One request and its answer.
///
/// libmicrohttpd's thread drives it (`begin`, `receive`, `proceed`, `end`); the handler's task answers it; stopping aborts it. All meet under the lock.
final class HTTPExchange: Sendable {
    private let daemon: HTTPDaemon
    private let connection: ConnectionHandle
    private let state: Mutex<State>

    private struct State {
        var phase = Phase.receiving
        var request: HTTPRequest
        /// Body bytes that came, those beyond the limit included.
        var received = 0
        var work: Task<Void, Never>?
        var stream: HTTPStream?
        /// The server is stopping: nothing may be suspended any more.
        var aborted = false
    }

    private enum Phase {
        /// The body is coming in.
        case receiving
        /// The body is coming in, and nobody will read it.
        case refused(HTTPResponse)
        /// The connection is suspended until the handler answers.
        case suspended
        /// The answer is there and waits for libmicrohttpd's thread to take it.
        case answered(HTTPResponse)
        /// The answer was handed over.
        case replied
    }

    init(daemon: HTTPDaemon, connection: OpaquePointer, method: String, path: String) {
        self.daemon = daemon
        self.connection = ConnectionHandle(pointer: connection)
        state = Mutex(State(request: HTTPRequest(connection, method: method, path: path)))
    }
}

// MARK: - On libmicrohttpd's thread

extension HTTPExchange {
    /// The headers are there.
    func begin() -> MHD_Result {
        guard daemon.enter(self) else { return reply(with: .stopping) }
        let request = state.withLock { $0.request }
        // Answered before the body is read, which also ends the connection.
        if let length = request.headers["Content-Length"], Int(length).map({ $0 > daemon.limits.bodyBytes }) ?? true {
            return reply(with: .tooLarge)
        }
        guard let refusal = daemon.admission(request) else { return .YES }
        guard request.hasShortBody else { return reply(with: refusal) }
        state.withLock { $0.phase = .refused(refusal) }
        return .YES
    }

    /// A piece of the body.
    func receive(_ bytes: UnsafeRawBufferPointer) -> MHD_Result {
        state.withLock { state in
            if case .refused = state.phase { return .YES }
            state.received += bytes.count
            if state.received <= daemon.limits.bodyBytes {
                state.request.body.append(contentsOf: bytes)
                return .YES
            }
            // Only a chunked body comes here. It is answered 413 at its end, which must come soon.
            state.request.body = []
            return state.received <= 2 * daemon.limits.bodyBytes ? .YES : .NO
        }
    }

    /// The request is whole, or the connection was resumed.
    func proceed() -> MHD_Result {
        daemon.arrivals.arrived(on: connection)
        let response = state.withLock { state -> HTTPResponse? in
            switch state.phase {
            case .receiving where state.aborted: return .stopping
            case .receiving where state.received > daemon.limits.bodyBytes: return .tooLarge
            case .receiving:
                state.phase = .suspended
                MHD_suspend_connection(connection.pointer)
                let request = state.request
                state.request.body = []
                state.work = Task { answer(await daemon.handler(request)) }
                return nil
            case .answered(let response), .refused(let response): return response
            case .suspended, .replied: return nil
            }
        }
        return response.map(reply) ?? .YES
    }

    private func reply(with response: HTTPResponse) -> MHD_Result {
        let (response, stream) = state.withLock { state -> (HTTPResponse, HTTPStream?) in
            state.phase = .replied
            guard case .stream(let pieces) = response.body else { return (response, nil) }
            // Nobody would end a stream that begins after `abort`.
            if state.aborted { return (.stopping, nil) }
            let stream = HTTPStream(pieces, connection: connection)
            state.stream = stream
            return (response, stream)
        }
        guard let raw = response.raw(stream) else { return .NO }
        defer { MHD_destroy_response(raw) }
        return MHD_queue_response(connection.pointer, UInt32(clamping: response.status), raw)
    }

    /// The request is over.
    func end() {
        let (work, stream) = state.withLock { state in
            state.phase = .replied
            return (state.work.take(), state.stream.take())
        }
        work?.cancel()
        stream?.end()
        daemon.arrivals.answered(on: connection)
        daemon.leave(self)
    }
}

// MARK: - On other threads

extension HTTPExchange {
    private func answer(_ response: HTTPResponse) {
        state.withLock { state in
            guard case .suspended = state.phase else { return }
            state.phase = .answered(response)
            // While suspended the connection cannot go away, and after this line it is not touched.
            MHD_resume_connection(connection.pointer)
        }
    }

    /// Whether its handler is at work.
    var isWaiting: Bool {
        state.withLock { state in
            if case .suspended = state.phase { true } else { false }
        }
    }

    /// The server stops: no handler is waited for.
    func abort() {
        let (work, stream) = state.withLock { state in
            state.aborted = true
            return (state.work, state.stream)
        }
        answer(.stopping)
        work?.cancel()
        stream?.end()
    }
}

extension HTTPRequest {
    /// Whether its body is awaited, and dropped, before it is refused: a client that still sends when the answer comes may see the connection
    /// break instead.
    fileprivate var hasShortBody: Bool {
        guard let length = headers["Content-Length"] else { return headers["Transfer-Encoding"] == nil }
        return Int(length).map { $0 <= 64 << 10 } ?? false
    }
}

extension HTTPResponse {
    static let tooLarge = HTTPResponse(status: 413, text: "the request is too large\n")
    static let stopping = HTTPResponse(status: 503, text: "the server is stopping\n")
}

/// A connection of libmicrohttpd.
///
/// `@unchecked Sendable` holds because other threads only compare it, and resume it: only while it is suspended (it cannot be closed then), and whether it is suspended is known
/// under a lock by whoever suspended it.
struct ConnectionHandle: Hashable, @unchecked Sendable {
    let pointer: OpaquePointer
}
