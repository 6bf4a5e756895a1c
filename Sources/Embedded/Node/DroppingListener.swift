import CLinux
import Glibc
import HTTP

/// Listens on a port and closes every connection as soon as it comes.
final class DroppingListener: Sendable {
    private let descriptor: Int32
    private let wake: Int32

    /// - Parameter host: an IPv4 address.
    init(host: String, port: UInt16) throws(HTTPServerError) {
        let listening = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue), 0)
        let waking = eventfd(0, Int32(EFD_CLOEXEC))
        descriptor = listening
        wake = waking
        let started =
            Self.listen(listening, host: host, port: port)
            && BackgroundThread.start(named: "drop") { Self.run(listening: listening, waking: waking) }
        guard !started else { return }
        let words = String(cString: strerror(errno))
        Glibc.close(listening)
        Glibc.close(waking)
        throw .system(HTTPServer.Address.tcp(host: host, port: port).text, words)
    }

    private static func listen(_ descriptor: Int32, host: String, port: UInt16) -> Bool {
        var one: Int32 = 1
        setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &one, socklen_t(MemoryLayout<Int32>.size))
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        guard inet_pton(AF_INET, host, &address.sin_addr) == 1 else { return false }
        let bound = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) }
        }
        return bound == 0 && Glibc.listen(descriptor, 64) == 0
    }

    /// Ends it; the port is free when this returns, a moment after which the thread is gone too.
    func close() {
        shutdown(descriptor, Int32(SHUT_RDWR))
        var one: UInt64 = 1
        _ = write(wake, &one, 8)
    }

    private static func run(listening: Int32, waking: Int32) {
        var polled = [pollfd(fd: listening, events: Int16(POLLIN), revents: 0), pollfd(fd: waking, events: Int16(POLLIN), revents: 0)]
        while poll(&polled, 2, -1) >= 0 || errno == EINTR, polled[1].revents == 0 {
            let connection = accept(listening, nil, nil)
            if connection >= 0 { Glibc.close(connection) }
        }
        Glibc.close(listening)
        Glibc.close(waking)
    }
}
