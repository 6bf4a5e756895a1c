import CCurl

/// The loop of a client's thread: the only place that touches libcurl's transfers.
struct HTTPClientLoop: ~Copyable {
    private let multi: MultiHandle
    private let mailbox: HTTPMailbox
    private var transfers: [HTTPClient.TransferID: HTTPTransfer] = [:]
    private var warm: [HTTPClient.TransferID: WarmRequest] = [:]
    /// Handles at rest, kept because making one costs more than a small request.
    private var idle: [UnsafeMutableRawPointer] = []
    private var running = true

    private static let idleLimit = 16

    /// A request that is repeated to keep a connection open.
    private struct WarmRequest {
        var make: @Sendable () -> HTTPClientRequest?
        var interval: Duration
        var next: ContinuousClock.Instant
    }

    init(multi: MultiHandle, mailbox: HTTPMailbox) {
        self.multi = multi
        self.mailbox = mailbox
        _ = curl_multi_set_long(multi.pointer, CURLMOPT_MAXCONNECTS, 64)
    }

    mutating func run() {
        while running {
            for command in mailbox.take() { obey(command) }
            sendWarmRequests()
            var underWay: Int32 = 0
            _ = curl_multi_perform(multi.pointer, &underWay)
            collectFinished()
            guard running else { break }
            // Returns early on traffic, on libcurl's own timers and on every post.
            _ = curl_multi_poll(multi.pointer, nil, 0, millisecondsToWait(), nil)
        }
        end()
    }

    private mutating func obey(_ command: HTTPCommand) {
        switch command {
        case .start(let id, let request, let completion): start(id, request, completion)
        case .keepWarm(let id, let interval, let make):
            warm[id] = WarmRequest(make: make, interval: interval, next: .now)
        case .endWarm(let id): warm[id] = nil
        case .cancel(let id):
            if let transfer = transfers[id] { finish(transfer, .failure(.cancelled)) }
        case .shutDown: running = false
        }
    }

    private mutating func start(_ id: HTTPClient.TransferID, _ request: HTTPClientRequest, _ completion: @escaping HTTPClient.Completion) {
        guard let handle = idle.popLast() ?? curl_easy_init() else {
            return completion(.failure(.badRequest("no memory for another transfer")))
        }
        let transfer = HTTPTransfer(id: id, request: request, handle: handle, completion: completion)
        if let error = transfer.prepare() {
            transfer.release()
            rest(handle)
            return completion(.failure(error))
        }
        transfers[id] = transfer
        guard curl_multi_add_handle(multi.pointer, handle) == CURLM_OK else {
            return finish(transfer, .failure(.badRequest("libcurl takes no further transfer")))
        }
    }

    /// A keep-warm request that is still under way (its server hangs) is not sent again.
    private mutating func sendWarmRequests() {
        let now = ContinuousClock.now
        for (id, request) in warm where request.next <= now {
            warm[id]?.next = now + request.interval
            guard transfers[id] == nil, let next = request.make() else { continue }
            start(id, next) { _ in }
        }
    }

    private mutating func collectFinished() {
        var left: Int32 = 0
        while let message = curl_multi_info_read(multi.pointer, &left) {
            guard message.pointee.msg == CURLMSG_DONE, let transfer = HTTPTransfer.of(message.pointee.easy_handle) else { continue }
            finish(transfer, transfer.result(curl_message_result(message)))
        }
    }

    private mutating func finish(_ transfer: HTTPTransfer, _ result: Result<HTTPClientResponse, HTTPError>) {
        _ = curl_multi_remove_handle(multi.pointer, transfer.handle)
        transfers[transfer.id] = nil
        transfer.release()
        rest(transfer.handle)
        transfer.completion(result)
    }

    private mutating func rest(_ handle: UnsafeMutableRawPointer) {
        if idle.count < Self.idleLimit {
            curl_easy_reset(handle)
            idle.append(handle)
        } else {
            curl_easy_cleanup(handle)
        }
    }

    private func millisecondsToWait() -> Int32 {
        guard let next = warm.values.map(\.next).min() else { return 60_000 }
        return Int32(clamping: min(60_000, (next - .now).milliseconds))
    }

    private mutating func end() {
        for transfer in transfers.values { finish(transfer, .failure(.shutDown)) }
        for handle in idle { curl_easy_cleanup(handle) }
        for case .start(_, _, let completion) in mailbox.close() { completion(.failure(.shutDown)) }
    }
}
