import CLinux
import Glibc

/// Connections as the load opens them.
enum LoadSocket {
    /// `IP_BIND_ADDRESS_NO_PORT` of linux/in.h, which Glibc's Swift module leaves out.
    private static let bindWithoutPort: Int32 = 24

    /// A connected socket that does not block from now on.
    ///
    /// - Parameters:
    ///   - source: the address to come from; nil leaves it to the system.
    ///   - waits: until it is connected; false for one that may be on its way still.
    static func connect(host: String, port: UInt16, from source: UInt32?, waits: Bool = true) throws(LoadFailure) -> Int32 {
        let fd = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard fd >= 0 else { throw LoadFailure(description: "no socket left: \(String(cString: strerror(errno)))") }
        var target = sockaddr_in()
        target.sin_family = sa_family_t(AF_INET)
        target.sin_port = port.bigEndian
        guard inet_pton(AF_INET, host, &target.sin_addr) == 1 else { throw LoadFailure(description: "\(host) is no IPv4 address") }
        if let source {
            var from = sockaddr_in()
            from.sin_family = sa_family_t(AF_INET)
            from.sin_addr.s_addr = source.bigEndian
            // The port is chosen when connecting, so that it needs to be free towards this one server only.
            _ = linux_set_option(fd, Int32(IPPROTO_IP), bindWithoutPort, 1)
            guard lend(&from, { bind(fd, $0, $1) }) == 0 else {
                throw LoadFailure(description: "no address to come from: \(String(cString: strerror(errno)))")
            }
        }
        if !waits { _ = fcntl(fd, F_SETFL, O_NONBLOCK) }
        guard lend(&target, { Glibc.connect(fd, $0, $1) }) == 0 || (!waits && errno == EINPROGRESS) else {
            let code = errno
            close(fd)
            throw LoadFailure(description: "cannot connect to \(host):\(port): \(String(cString: strerror(code)))")
        }
        _ = linux_set_option(fd, Int32(IPPROTO_TCP), TCP_NODELAY, 1)
        _ = fcntl(fd, F_SETFL, O_NONBLOCK)
        return fd
    }

    /// Ends with a reset when it is closed: tens of thousands of connections in TIME_WAIT would take the ports of the next measurement.
    static func leaveNoTrace(_ fd: Int32) {
        var reset = linger(l_onoff: 1, l_linger: 0)
        setsockopt(fd, SOL_SOCKET, SO_LINGER, &reset, socklen_t(MemoryLayout<linger>.size))
    }

    /// A listening socket on a free port of the loopback address.
    static func listen() throws(LoadFailure) -> (fd: Int32, port: UInt16) {
        let fd = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let bound = lend(&address) { bind(fd, $0, $1) } == 0 && Glibc.listen(fd, 4_096) == 0
        let named = withUnsafeMutablePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(fd, $0, &length) }
        }
        guard fd >= 0, bound, named == 0 else { throw LoadFailure(description: "cannot listen: \(String(cString: strerror(errno)))") }
        return (fd, UInt16(bigEndian: address.sin_port))
    }

    private static func lend(_ address: inout sockaddr_in, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32) -> Int32 {
        withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { body($0, socklen_t(MemoryLayout<sockaddr_in>.size)) }
        }
    }
}
