import CCurl
import Glibc
import Synchronization

/// What callers ask of a client's thread.
enum HTTPCommand: Sendable {
    case start(HTTPClient.TransferID, HTTPClientRequest, HTTPClient.Completion)
    case keepWarm(HTTPClient.TransferID, Duration, @Sendable () -> HTTPClientRequest?)
    case endWarm(HTTPClient.TransferID)
    case cancel(HTTPClient.TransferID)
    case shutDown
}

/// A client's thread and the two ways to it: a mailbox for everyone, and the transport itself for what is urgent.
final class HTTPEngine: Sendable {
    private let epoll: Int32
    private let wakeUp: Int32
    /// Nil once the engine has ended.
    private let mailbox: Mutex<[HTTPCommand]?>
    private let transport: Mutex<HTTPTransport?>

    init() {
        epoll = epoll_create1(Int32(EPOLL_CLOEXEC))
        wakeUp = eventfd(0, Int32(EFD_NONBLOCK | EFD_CLOEXEC))
        var event = epoll_event()
        event.events = EPOLLIN.rawValue
        event.data.fd = wakeUp
        epoll_ctl(epoll, EPOLL_CTL_ADD, wakeUp, &event)
        mailbox = Mutex([])
        transport = Mutex(HTTPTransport(epoll: epoll))
    }

    // The thread holds this object too, so the descriptors outlive every use.
    deinit {
        close(wakeUp)
        close(epoll)
    }

    /// Gives the engine its thread. Without room for one every request fails with `shutDown`.
    func start() {
        let started = BackgroundThread.start(named: "http-client", urgent: true) { [self] in run() }
        if !started { end() }
    }

    /// Hands a command to the thread. False when the engine has ended.
    @discardableResult
    func post(_ command: HTTPCommand) -> Bool {
        let isOpen = mailbox.withLock { mailbox in
            mailbox?.append(command)
            return mailbox != nil
        }
        if isOpen { wake() }
        return isOpen
    }

    /// Begins a transfer on the calling thread. False when the client's thread is just using the transport: it is never waited for.
    func startNow(_ id: HTTPClient.TransferID, _ request: HTTPClientRequest, _ completion: @escaping HTTPClient.Completion) -> Bool {
        let started = transport.withLockIfAvailable { transport in
            transport?.start(id, request, now: true, completion) != nil
        }
        guard started == true else { return false }
        // The rest, and every completion, is the thread's business.
        wake()
        return true
    }

    private func wake() {
        var one: UInt64 = 1
        _ = write(wakeUp, &one, 8)
    }
}

// MARK: - The thread

extension HTTPEngine {
    private func run() {
        var events = [epoll_event](repeating: epoll_event(), count: 64)
        while true {
            let timeout = transport.withLock { $0?.millisecondsToWait() ?? 0 }
            let count = epoll_wait(epoll, &events, Int32(events.count), timeout)
            var none: UInt64 = 0
            _ = read(wakeUp, &none, 8)
            guard
                let commands = mailbox.withLock({ mailbox in
                    defer { mailbox?.removeAll() }
                    return mailbox
                }), turn(events.prefix(Int(max(0, count))), commands)
            else { break }
        }
        end()
    }

    /// One turn of the loop; false when it is the last.
    private func turn(_ events: ArraySlice<epoll_event>, _ commands: [HTTPCommand]) -> Bool {
        var running = true
        let endings = transport.withLock { transport -> [HTTPTransport.Ending] in
            for event in events where event.data.fd != wakeUp { transport?.ready(event.data.fd, event.events) }
            for command in commands {
                switch command {
                case .start(let id, let request, let completion): transport?.start(id, request, now: false, completion)
                case .keepWarm(let id, let interval, let make): transport?.keepWarm(id, every: interval, make)
                case .endWarm(let id): transport?.endWarm(id)
                case .cancel(let id): transport?.cancel(id)
                case .shutDown: running = false
                }
            }
            transport?.proceed()
            return transport?.takeEndings() ?? []
        }
        for ending in endings { ending.completion(ending.result) }
        return running
    }

    /// Lets nothing in any more and fails whatever is left.
    private func end() {
        let commands = mailbox.withLock { mailbox in
            defer { mailbox = nil }
            return mailbox ?? []
        }
        let endings = transport.withLock { transport -> [HTTPTransport.Ending] in
            transport?.endAll(.shutDown)
            defer { transport = nil }
            return transport?.takeEndings() ?? []
        }
        for ending in endings { ending.completion(ending.result) }
        for case .start(_, _, let completion) in commands { completion(.failure(.shutDown)) }
    }
}
