import CLinux
import Glibc

/// The few calls on sockets that the server makes.
enum Socket {
    /// A listening socket. Several loops listen on one address each with a socket of its own, and the kernel spreads connections over them.
    static func listen(on address: SocketAddress, shared: Bool) throws(StratumServerError) -> Int32 {
        let family = address.isIPv6 ? AF_INET6 : AF_INET
        let fd = socket(family, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_NONBLOCK.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard fd >= 0 else { throw .cannotListen(address: address.description, errno: errno) }
        _ = linux_set_option(fd, SOL_SOCKET, SO_REUSEADDR, 1)
        if shared { _ = linux_set_option(fd, SOL_SOCKET, SO_REUSEPORT, 1) }
        let bound = address.withSocketAddress { bind(fd, $0, $1) }
        guard bound == 0, Glibc.listen(fd, 4_096) == 0 else {
            let code = errno
            close(fd)
            throw .cannotListen(address: address.description, errno: code)
        }
        return fd
    }

    /// Whether another program listens on the address. Sharing a port is for this process's loops only, yet the kernel would let any process of
    /// the same user join in.
    static func claim(_ address: SocketAddress) throws(StratumServerError) {
        guard address.port != 0 else { return }
        close(try listen(on: address, shared: false))
    }

    /// What a socket is bound to, which names the port that the kernel picked for port 0.
    static func localAddress(of fd: Int32) -> SocketAddress? {
        var storage = sockaddr_storage()
        var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
        let result = withUnsafeMutablePointer(to: &storage) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(fd, $0, &length) }
        }
        return result == 0 ? SocketAddress(storage) : nil
    }

    enum Acceptance {
        case accepted(Int32, SocketAddress)
        case nothing
        /// No file descriptor or memory is left: accepting must pause.
        case exhausted
    }

    static func accept(from listener: Int32) -> Acceptance {
        var storage = sockaddr_storage()
        var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
        let fd = withUnsafeMutablePointer(to: &storage) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                linux_accept4(listener, $0, &length, Int32(SOCK_NONBLOCK.rawValue) | Int32(SOCK_CLOEXEC.rawValue))
            }
        }
        guard fd >= 0 else {
            switch errno {
            case EMFILE, ENFILE, ENOBUFS, ENOMEM: return .exhausted
            // The peer was faster with leaving, or a signal came: there may be more.
            default: return .nothing
            }
        }
        // One write a tick is all there is: waiting to join it with another gains nothing.
        _ = linux_set_option(fd, Int32(IPPROTO_TCP), TCP_NODELAY, 1)
        // A miner that lost its power never says so. What is sent to it (a job each half minute) must be acknowledged within two minutes.
        _ = linux_set_option(fd, Int32(IPPROTO_TCP), TCP_USER_TIMEOUT, 120_000)
        guard let peer = SocketAddress(storage) else {
            close(fd)
            return .nothing
        }
        return .accepted(fd, peer)
    }

    enum Transfer {
        case moved(Int)
        /// Not now: the kernel's buffer is empty (or full).
        case wouldBlock
        case ended
    }

    static func receive(_ fd: Int32, into buffer: UnsafeMutableRawBufferPointer) -> Transfer {
        read { recv(fd, buffer.baseAddress, buffer.count, 0) }
    }

    /// Fills the buffer with what is there to read, and leaves it there.
    static func peek(_ fd: Int32, into buffer: UnsafeMutableRawBufferPointer) -> Transfer {
        read { recv(fd, buffer.baseAddress, buffer.count, Int32(MSG_PEEK)) }
    }

    private static func read(_ body: () -> Int) -> Transfer {
        while true {
            let count = body()
            if count > 0 { return .moved(count) }
            if count == 0 { return .ended }
            switch errno {
            case EINTR: continue
            case EAGAIN: return .wouldBlock
            default: return .ended
            }
        }
    }

    static func send(_ fd: Int32, _ bytes: UnsafeRawBufferPointer) -> Transfer {
        while true {
            let count = Glibc.send(fd, bytes.baseAddress, bytes.count, Int32(MSG_NOSIGNAL))
            if count >= 0 { return .moved(count) }
            switch errno {
            case EINTR: continue
            case EAGAIN: return .wouldBlock
            default: return .ended
            }
        }
    }
}
