import CZeroMQ
internal import HTTP

/// A subscribed socket, the socket that tells what happens to its connection, and the context of both.
///
/// `@unchecked Sendable` holds because it is made on one thread, handed over by the start of another, used there only.
struct HashBlockSockets: @unchecked Sendable {
    let subscriber: UnsafeMutableRawPointer
    let monitor: UnsafeMutableRawPointer
    private let context: UnsafeMutableRawPointer

    init(endpoint: String, heartbeat: Duration) throws(HashBlockError) {
        guard let context = zmq_ctx_new() else { throw .noResources(Self.words()) }
        guard let subscriber = zmq_socket(context, ZMQ_SUB), let monitor = zmq_socket(context, ZMQ_PAIR) else {
            let words = Self.words()
            zmq_ctx_term(context)
            throw .noResources(words)
        }
        self.context = context
        self.subscriber = subscriber
        self.monitor = monitor
        setOptions(heartbeat: heartbeat)
        guard zmq_socket_monitor(subscriber, Self.monitorAddress, ZMQ_EVENT_ALL) == 0, zmq_connect(monitor, Self.monitorAddress) == 0 else {
            let words = Self.words()
            close()
            throw .noResources(words)
        }
        guard zmq_connect(subscriber, endpoint) == 0 else {
            close()
            throw .badEndpoint(endpoint)
        }
    }

    func close() {
        zmq_close(subscriber)
        zmq_close(monitor)
        zmq_ctx_term(context)
    }

    /// Private to its context, so one name serves all.
    private static let monitorAddress = "inproc://monitor"

    private static func words() -> String { String(cString: zmq_strerror(zmq_errno())) }

    private func setOptions(heartbeat: Duration) {
        set(ZMQ_LINGER, 0)
        set(monitor, ZMQ_LINGER, 0)
        set(ZMQ_IPV6, 1)
        set(ZMQ_MAXMSGSIZE, value: Int64(1024))
        // Attempts come more often than the loop's patience with a lost connection ends.
        let beat = Int32(clamping: heartbeat.milliseconds)
        set(ZMQ_RECONNECT_IVL, max(1, min(100, beat / 4)))
        set(ZMQ_RECONNECT_IVL_MAX, max(1, min(5_000, beat / 2)))
        set(ZMQ_HEARTBEAT_IVL, beat)
        set(ZMQ_HEARTBEAT_TIMEOUT, 2 * min(beat, .max / 2))
        // For publishers older than heartbeats.
        set(ZMQ_TCP_KEEPALIVE, 1)
        set(ZMQ_TCP_KEEPALIVE_IDLE, 15)
        set(ZMQ_TCP_KEEPALIVE_INTVL, 5)
        set(ZMQ_TCP_KEEPALIVE_CNT, 3)
        _ = zmq_setsockopt(subscriber, ZMQ_SUBSCRIBE, HashBlockReader.topic, HashBlockReader.topic.utf8.count)
    }

    private func set(_ option: Int32, _ value: Int32) {
        set(subscriber, option, value)
    }

    private func set(_ socket: UnsafeMutableRawPointer, _ option: Int32, _ value: Int32) {
        var value = value
        _ = zmq_setsockopt(socket, option, &value, MemoryLayout<Int32>.size)
    }

    private func set(_ option: Int32, value: Int64) {
        var value = value
        _ = zmq_setsockopt(subscriber, option, &value, MemoryLayout<Int64>.size)
    }
}

// MARK: - Reading without waiting

extension HashBlockSockets {
    /// What happened to the connection next; nil when nothing did.
    func nextEvent() -> Int32? {
        // A native-endian 16-bit number, then a value and an address that are not needed.
        guard let number = receive(monitor)?.first, number.count >= 2 else { return nil }
        return Int32(number.withUnsafeBytes { $0.loadUnaligned(as: UInt16.self) })
    }

    /// The parts of the next message; nil when there is none.
    func nextMessage() -> [[UInt8]]? { receive(subscriber) }

    private func receive(_ socket: UnsafeMutableRawPointer) -> [[UInt8]]? {
        var parts: [[UInt8]] = []
        while true {
            var bytes = [UInt8](repeating: 0, count: 256)
            let count = zmq_recv(socket, &bytes, bytes.count, ZMQ_DONTWAIT)
            // Parts arrive together or not at all, so only the first can be missing.
            guard count >= 0 else { return nil }
            // Longer than the buffer: no part of a notice, and `read` will refuse it by its length.
            if parts.count < 4 { parts.append(Array(bytes.prefix(Int(count)))) }
            var more: Int32 = 0
            var size = MemoryLayout<Int32>.size
            guard zmq_getsockopt(socket, ZMQ_RCVMORE, &more, &size) == 0, more != 0 else { return parts }
        }
    }
}
