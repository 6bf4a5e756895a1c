import CCurl
import Glibc

/// Every transfer of a client and the libcurl handle that drives them. Whoever holds the lock around it may be on any thread.
struct HTTPTransport: ~Copyable {
    /// A transfer that is over, and whom to tell.
    typealias Ending = (completion: HTTPClient.Completion, result: Result<HTTPClientResponse, HTTPError>)

    private let multi: UnsafeMutableRawPointer
    private let poll: HTTPPoll
    private var transfers: [HTTPClient.TransferID: HTTPTransfer] = [:]
    private var warm: [HTTPClient.TransferID: WarmRequest] = [:]
    /// Handles at rest, kept because making one costs more than a small request.
    private var idle: [UnsafeMutableRawPointer] = []
    private var endings: [Ending] = []

    private static let idleLimit = 16
    /// libcurl's global set-up, once a process.
    private static let libraryReady = curl_global_init(Int(CURL_GLOBAL_ALL)) == CURLE_OK

    /// A request that is repeated to keep a connection open.
    private struct WarmRequest {
        var make: @Sendable () -> HTTPClientRequest?
        var interval: Duration
        var next: ContinuousClock.Instant
    }

    init?(epoll: Int32) {
        guard Self.libraryReady, let multi = curl_multi_init() else { return nil }
        self.multi = multi
        poll = HTTPPoll(epoll: epoll)
        poll.attach(to: multi)
        _ = curl_multi_set_long(multi, CURLMOPT_MAXCONNECTS, 64)
    }

    deinit {
        for handle in idle { curl_easy_cleanup(handle) }
        curl_multi_cleanup(multi)
    }
}

// MARK: - Beginning and ending transfers

extension HTTPTransport {
    /// Begins a transfer. With `now`, what its connection takes at once is sent before this returns, but of the body no more than a first piece.
    mutating func start(_ id: HTTPClient.TransferID, _ request: HTTPClientRequest, now: Bool, _ completion: @escaping HTTPClient.Completion) {
        guard let handle = idle.popLast() ?? curl_easy_init() else {
            endings.append((completion, .failure(.badRequest("no memory for another transfer"))))
            return
        }
        let transfer = HTTPTransfer(id: id, request: request, handle: handle, completion: completion)
        if let error = transfer.prepare() { return finish(transfer, .failure(error)) }
        transfers[id] = transfer
        guard curl_multi_add_handle(multi, handle) == CURLM_OK else {
            return finish(transfer, .failure(.badRequest("libcurl takes no further transfer")))
        }
        guard now else { return }
        transfer.pausesAfterFirstPiece = true
        act(on: CURL_SOCKET_TIMEOUT, 0)
    }

    mutating func cancel(_ id: HTTPClient.TransferID) {
        if let transfer = transfers[id] { finish(transfer, .failure(.cancelled)) }
    }

    mutating func endAll(_ error: HTTPError) {
        for transfer in transfers.values { finish(transfer, .failure(error)) }
    }

    /// What ended since the last time. To be told without the lock: those told may well begin new transfers.
    mutating func takeEndings() -> [Ending] {
        defer { endings.removeAll() }
        return endings
    }

    private mutating func collectFinished() {
        var left: Int32 = 0
        while let message = curl_multi_info_read(multi, &left) {
            guard message.pointee.msg == CURLMSG_DONE, let transfer = HTTPTransfer.of(message.pointee.easy_handle) else { continue }
            finish(transfer, transfer.result(curl_message_result(message)))
        }
    }

    private mutating func finish(_ transfer: HTTPTransfer, _ result: Result<HTTPClientResponse, HTTPError>) {
        _ = curl_multi_remove_handle(multi, transfer.handle)
        transfers[transfer.id] = nil
        transfer.release()
        rest(transfer.handle)
        endings.append((transfer.completion, result))
    }

    private mutating func rest(_ handle: UnsafeMutableRawPointer) {
        if idle.count < Self.idleLimit {
            curl_easy_reset(handle)
            idle.append(handle)
        } else {
            curl_easy_cleanup(handle)
        }
    }
}

// MARK: - Keeping warm

extension HTTPTransport {
    mutating func keepWarm(_ id: HTTPClient.TransferID, every interval: Duration, _ make: @escaping @Sendable () -> HTTPClientRequest?) {
        warm[id] = WarmRequest(make: make, interval: interval, next: .now)
    }

    /// A request under way is let finish, else its connection would be lost.
    mutating func endWarm(_ id: HTTPClient.TransferID) {
        warm[id] = nil
    }

    /// A keep-warm request that is still under way (its server hangs) is not sent again.
    private mutating func sendWarmRequests() {
        let now = ContinuousClock.now
        for (id, request) in warm where request.next <= now {
            warm[id]?.next = now + request.interval
            guard transfers[id] == nil, let next = request.make() else { continue }
            start(id, next, now: false) { _ in }
        }
    }
}

// MARK: - The client's thread

extension HTTPTransport {
    /// Tells libcurl what epoll said of one of its sockets.
    mutating func ready(_ socket: Int32, _ events: UInt32) {
        var bits: Int32 = 0
        if events & EPOLLIN.rawValue != 0 { bits |= CURL_CSELECT_IN }
        if events & EPOLLOUT.rawValue != 0 { bits |= CURL_CSELECT_OUT }
        if events & (EPOLLERR.rawValue | EPOLLHUP.rawValue) != 0 { bits |= CURL_CSELECT_ERR }
        act(on: socket, bits)
    }

    /// Does what time asks for.
    mutating func proceed() {
        sendWarmRequests()
        for transfer in transfers.values { transfer.resume() }
        if let deadline = poll.deadline, deadline <= .now {
            poll.deadline = nil
            act(on: CURL_SOCKET_TIMEOUT, 0)
        }
        collectFinished()
    }

    /// How long the thread may sleep.
    func millisecondsToWait() -> Int32 {
        let next = (warm.values.map(\.next) + [poll.deadline].compactMap { $0 }).min()
        guard let next else { return -1 }
        return next <= .now ? 0 : Int32(clamping: (next - .now).milliseconds)
    }

    private func act(on socket: Int32, _ bits: Int32) {
        var underWay: Int32 = 0
        _ = curl_multi_socket_action(multi, socket, bits, &underWay)
    }
}
