import CZeroMQ
import Glibc
internal import HTTP

/// The loop of a subscription's thread.
struct HashBlockLoop: ~Copyable {
    private let endpoint: String
    private let heartbeat: Duration
    private var sockets: HashBlockSockets?
    private let shared: HashBlockShared
    private let notices: AsyncStream<HashBlockNotice>.Continuation
    private var reader = HashBlockReader()

    /// How soon a subscription that could not even be set up is tried again.
    private static let retryMilliseconds = 1000

    init(
        endpoint: String,
        heartbeat: Duration,
        sockets: consuming HashBlockSockets,
        shared: HashBlockShared,
        notices: AsyncStream<HashBlockNotice>.Continuation
    ) {
        self.endpoint = endpoint
        self.heartbeat = heartbeat
        self.sockets = sockets
        self.shared = shared
        self.notices = notices
    }

    mutating func run() {
        while true {
            let isAlive = wait()
            let orders = shared.takeOrders()
            if orders.stop { break }
            if orders.restart || sockets == nil || !isAlive { reconnect() }
            readEvents()
            readNotices()
        }
        sockets?.close()
        shared.set(.stopped)
        notices.finish()
    }

    /// False when a lost connection was silent for a whole heartbeat: libzmq gives up on a peer that broke its protocol, and says nothing any more.
    private func wait() -> Bool {
        var items = [zmq_pollitem_t(socket: nil, fd: shared.wakeUp, events: Int16(ZMQ_POLLIN), revents: 0)]
        if let sockets {
            for socket in [sockets.subscriber, sockets.monitor] {
                items.append(zmq_pollitem_t(socket: socket, fd: 0, events: Int16(ZMQ_POLLIN), revents: 0))
            }
        }
        let isLost = shared.state == .disconnected
        let timeout = sockets == nil ? Self.retryMilliseconds : isLost ? heartbeat.milliseconds : -1
        return zmq_poll(&items, Int32(items.count), timeout) != 0 || !isLost
    }

    private mutating func reconnect() {
        sockets?.close()
        if shared.state == .connected { shared.set(.disconnected) }
        shared.set(.connecting)
        sockets = try? HashBlockSockets(endpoint: endpoint, heartbeat: heartbeat)
    }

    private func readEvents() {
        while let event = sockets?.nextEvent() {
            switch event {
            // Only now is it sure that a ZMQ publisher is at the other end.
            case ZMQ_EVENT_HANDSHAKE_SUCCEEDED: shared.set(.connected)
            case ZMQ_EVENT_DISCONNECTED, ZMQ_EVENT_CLOSED, ZMQ_EVENT_HANDSHAKE_FAILED_NO_DETAIL, ZMQ_EVENT_HANDSHAKE_FAILED_PROTOCOL,
                ZMQ_EVENT_HANDSHAKE_FAILED_AUTH:
                shared.set(.disconnected)
            default: break
            }
        }
    }

    private mutating func readNotices() {
        while let parts = sockets?.nextMessage() {
            guard let notice = reader.read(parts) else { continue }
            shared.noticed()
            notices.yield(notice)
        }
    }
}
