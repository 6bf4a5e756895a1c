import Synchronization

/// Sends HTTP requests over connections that it keeps open, from one thread of its own; what is urgent leaves on its caller's.
///
/// Any thread may call it and none is blocked by it. The transport is libcurl; redirects, proxies of the environment and `.netrc` files play no part.
public final class HTTPClient: Sendable {
    private let engine = HTTPEngine()
    private let lastTransfer = Atomic<UInt64>(0)

    /// Names one transfer of one client.
    public struct TransferID: Hashable, Sendable {
        let number: UInt64
    }

    /// Called once, on the client's thread: it must be quick.
    public typealias Completion = @Sendable (Result<HTTPClientResponse, HTTPError>) -> Void

    public init() {
        engine.start()
    }

    deinit {
        engine.post(.shutDown)
    }

    /// Sends `request` and calls `completion` with what comes of it. Returns at once.
    @discardableResult
    public func send(_ request: HTTPClientRequest, completion: @escaping Completion) -> TransferID {
        let id = newID()
        post(.start(id, request, completion))
        return id
    }

    /// Gives up on a transfer; its completion is called with `cancelled` unless it was called already.
    public func cancel(_ id: TransferID) {
        engine.post(.cancel(id))
    }

    /// Sends `request` and waits for what comes of it. Cancelling the task cancels the transfer.
    public func perform(_ request: HTTPClientRequest) async throws(HTTPError) -> HTTPClientResponse {
        let id = newID()
        let result: Result<HTTPClientResponse, HTTPError> = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                post(.start(id, request) { continuation.resume(returning: $0) })
                // The handler below may have run before the transfer was posted, and then found nothing to cancel.
                if Task.isCancelled { cancel(id) }
            }
        } onCancel: {
            cancel(id)
        }
        return try result.get()
    }

    /// Sends what `request` makes now and then every `interval`, and drops the answers, until the returned value is let go or cancelled.
    ///
    /// Servers close connections that lie idle (Bitcoin Core after 30 s). This keeps one open, so that what is urgent finds it. The closure runs on the
    /// client's thread; nil skips a turn.
    public func keepWarm(every interval: Duration, _ request: @escaping @Sendable () -> HTTPClientRequest?) -> HTTPKeepWarm {
        let id = newID()
        engine.post(.keepWarm(id, interval, request))
        return HTTPKeepWarm { [engine] in engine.post(.endWarm(id)) }
    }

    /// Ends every transfer with `shutDown` and the client's thread with them.
    public func shutDown() {
        engine.post(.shutDown)
    }

    private func newID() -> TransferID {
        TransferID(number: lastTransfer.add(1, ordering: .relaxed).newValue)
    }

    private func post(_ command: HTTPCommand) {
        if case .start(let id, let request, let completion) = command, request.isUrgent, engine.startNow(id, request, completion) { return }
        if !engine.post(command), case .start(_, _, let completion) = command { completion(.failure(.shutDown)) }
    }
}

/// Keeps a connection warm for as long as it lives.
public final class HTTPKeepWarm: Sendable {
    private let end: @Sendable () -> Void

    init(end: @escaping @Sendable () -> Void) {
        self.end = end
    }

    deinit {
        end()
    }

    public func cancel() {
        end()
    }
}
