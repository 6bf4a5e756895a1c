import CLinux
import Glibc
import HTTP
import Stratum

/// The line between a process that hands over and the one that goes on: messages with open sockets, over a pair of Unix sockets.
///
/// Its calls block, each until a moment given; ``Blocking/run(_:)`` keeps them off the cooperative threads.
struct HandoverChannel: Sendable {
    let socket: Int32

    /// The file descriptor that a new process finds its end at.
    static let inheritedSocket: Int32 = 3
    /// Names it to the new process.
    static let variable = "MOTHERLODE_HANDOVER"
    private static let longestMessage = 4_096

    /// Both ends.
    static func pair() throws(Failure) -> (near: HandoverChannel, far: HandoverChannel) {
        var ends: [Int32] = [-1, -1]
        // Whole messages: each send is one receive.
        guard socketpair(AF_UNIX, Int32(SOCK_SEQPACKET.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0, &ends) == 0 else {
            throw .system("socketpair", errno)
        }
        return (HandoverChannel(socket: ends[0]), HandoverChannel(socket: ends[1]))
    }

    /// The end that a process was started with to go on with another's miners; nil when it was not.
    static func inherited() -> HandoverChannel? {
        guard let text = getenv(variable), Int32(String(cString: text)) == inheritedSocket else { return nil }
        unsetenv(variable)
        guard fcntl(inheritedSocket, F_SETFD, FD_CLOEXEC) == 0 else { return nil }
        return HandoverChannel(socket: inheritedSocket)
    }

    func end() { close(socket) }

    // MARK: Messages

    func send(_ message: Message, _ sockets: ArraySlice<Int32> = []) throws(Failure) {
        let bytes = message.bytes
        let result = Array(sockets).withUnsafeBufferPointer { linux_send_sockets(socket, bytes, bytes.count, $0.baseAddress, Int32($0.count)) }
        guard result == 0 else { throw errno == EPIPE || errno == ECONNRESET ? .ended : .system("sendmsg", errno) }
    }

    func receive(until deadline: ContinuousClock.Instant) throws(Failure) -> (message: Message, sockets: [Int32]) {
        try wait(until: deadline)
        var bytes = [UInt8](repeating: 0, count: Self.longestMessage)
        var sockets = [Int32](repeating: -1, count: LINUX_MOST_SOCKETS)
        var count = Int32(sockets.count)
        let length = linux_receive_sockets(socket, &bytes, bytes.count, &sockets, &count)
        guard length >= 0 else { throw errno == ECONNRESET ? .ended : .system("recvmsg", errno) }
        guard length > 0 else { throw .ended }
        guard let message = Message(bytes[..<length]) else { throw .unexpected }
        return (message, Array(sockets[..<Int(count)]))
    }

    private func wait(until deadline: ContinuousClock.Instant) throws(Failure) {
        while true {
            let left = ContinuousClock.now.duration(to: deadline)
            guard left > .zero else { throw .late }
            var event = pollfd(fd: socket, events: Int16(POLLIN), revents: 0)
            let count = poll(&event, 1, Int32(clamping: left.milliseconds))
            if count > 0 { return }
            guard count == 0 || errno == EINTR else { throw .system("poll", errno) }
        }
    }
}
