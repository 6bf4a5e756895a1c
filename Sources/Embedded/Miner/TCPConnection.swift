import CLinux
import Glibc

/// A client's TCP connection, for a thread that may sleep in poll.
struct TCPConnection: ~Copyable {
    let descriptor: Int32

    /// Connects; tries each of the host's addresses for up to `milliseconds`. At a signal of `interrupt` it asks whether to go on.
    init(host: String, port: UInt16, milliseconds: Int32, interrupt: EventDescriptor, goesOn: () -> Bool) throws(StratumFailure) {
        var hints = addrinfo()
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        hints.ai_flags = AI_NUMERICSERV
        var list: UnsafeMutablePointer<addrinfo>?
        let code = getaddrinfo(host, String(port), &hints, &list)
        guard code == 0 else { throw .unreachable(String(cString: gai_strerror(code))) }
        defer { freeaddrinfo(list) }
        var reason = ECONNREFUSED
        var next = list
        while let address = next?.pointee {
            next = address.ai_next
            let descriptor = socket(address.ai_family, Int32(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue), 0)
            guard descriptor >= 0 else {
                reason = errno
                continue
            }
            reason = TCPConnection.connect(descriptor, address, milliseconds, interrupt, goesOn)
            if reason == 0 {
                var one: Int32 = 1
                setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &one, socklen_t(MemoryLayout<Int32>.size))
                self.descriptor = descriptor
                return
            }
            close(descriptor)
        }
        throw .unreachable(String(cString: strerror(reason)))
    }

    deinit { close(descriptor) }

    /// 0, or the errno.
    private static func connect(
        _ descriptor: Int32,
        _ address: addrinfo,
        _ milliseconds: Int32,
        _ interrupt: EventDescriptor,
        _ goesOn: () -> Bool
    ) -> Int32 {
        if Glibc.connect(descriptor, address.ai_addr, address.ai_addrlen) == 0 { return 0 }
        guard errno == EINPROGRESS else { return errno }
        var polled = [
            pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0),
            pollfd(fd: interrupt.descriptor, events: Int16(POLLIN), revents: 0),
        ]
        repeat {
            guard poll(&polled, 2, milliseconds) > 0 else { return ETIMEDOUT }
            interrupt.clear()
            guard goesOn() else { return EINTR }
        } while polled[0].revents == 0
        var reason: Int32 = 0
        var size = socklen_t(MemoryLayout<Int32>.size)
        getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &reason, &size)
        return reason
    }

    /// What happened on the connection or on `other`.
    enum Event {
        case readable
        case woken
        case nothing
    }

    func wait(or other: EventDescriptor, milliseconds: Int32) -> Event {
        var polled = [pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0), pollfd(fd: other.descriptor, events: Int16(POLLIN), revents: 0)]
        guard poll(&polled, 2, milliseconds) > 0 else { return .nothing }
        return polled[0].revents != 0 ? .readable : .woken
    }

    /// What has come; nil when the other side closed or the connection broke.
    func read() -> [UInt8]? {
        var bytes = [UInt8](repeating: 0, count: 16 << 10)
        let count = recv(descriptor, &bytes, bytes.count, 0)
        if count < 0 { return errno == EAGAIN || errno == EINTR ? [] : nil }
        return count == 0 ? nil : Array(bytes[..<count])
    }

    /// Sends all of it; false when the connection broke or the other side reads nothing for ten seconds.
    func write(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        var sent = 0
        while sent < bytes.count {
            // MSG_NOSIGNAL: a closed connection is an answer here, not a reason to die.
            let count = bytes[sent...].withUnsafeBytes { send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
            if count >= 0 {
                sent += count
                continue
            }
            guard errno == EAGAIN || errno == EINTR else { return false }
            var polled = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
            guard poll(&polled, 1, 10_000) > 0 else { return false }
        }
        return true
    }
}
