import CLinux
import Glibc

/// Wakes a loop that waits in its poll set, from any thread.
final class WakeHandle: Sendable {
    let fd: Int32

    init() throws(StratumServerError) {
        fd = eventfd(0, Int32(EFD_NONBLOCK) | Int32(EFD_CLOEXEC))
        guard fd >= 0 else { throw .noResources(what: "event handle", errno: errno) }
    }

    deinit { close(fd) }

    func signal() {
        var one: UInt64 = 1
        _ = write(fd, &one, 8)
    }

    /// Makes it quiet again; everything posted before the last signal is visible after this.
    func clear() {
        var count: UInt64 = 0
        _ = read(fd, &count, 8)
    }
}

/// The kernel's list of sockets that a loop watches.
enum PollSet {
    static func make() throws(StratumServerError) -> Int32 {
        let fd = epoll_create1(Int32(EPOLL_CLOEXEC))
        guard fd >= 0 else { throw .noResources(what: "poll set", errno: errno) }
        return fd
    }
}
