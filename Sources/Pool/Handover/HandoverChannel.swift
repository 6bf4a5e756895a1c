import CLinux
import Glibc
import HTTP
import Stratum

/// The line between a process that hands over and the one that goes on: messages with open sockets, over a pair of Unix sockets.
///
/// Its calls block, each until a moment given; ``Blocking/run(_:)`` keeps them off the cooperative threads.
struct HandoverChannel: Sendable {
    enum Message: Equatable, Sendable {
        /// The new process can read its configuration and knows this form of the state.
        case prepared(version: UInt32)
        /// What follows: so many bytes in the file that comes along, and so many sockets.
        case state(bytes: Int, sockets: Int)
        /// Some of them.
        case sockets
        /// They have arrived: more may follow.
        case taken
        /// All stands ready; nobody was heard or told anything.
        case ready
        /// The old process has let go: the new one begins.
        case go
        case failed(String)
    }

    enum Failure: Error, Hashable {
        /// The other process has ended.
        case ended
        case late
        case system(String, Int32)
        /// The other process says why it cannot go on.
        case refused(String)
        /// It has no file descriptors left for what was sent.
        case short
        case unexpected
    }

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

    // MARK: State

    /// Sends a whole state. The sockets go in portions, each awaited: the kernel bounds how many may be under way.
    func send(_ stream: HandoverStream, until deadline: ContinuousClock.Instant) throws(Failure) {
        let file = linux_memory_file("motherlode-handover")
        guard file >= 0 else { throw .system("memfd_create", errno) }
        defer { close(file) }
        var sent = 0
        while sent < stream.bytes.count {
            let count = stream.bytes[sent...].withUnsafeBytes { write(file, $0.baseAddress, $0.count) }
            guard count > 0 || errno == EINTR else { throw .system("write", errno) }
            sent += max(0, count)
        }
        try send(.state(bytes: stream.bytes.count, sockets: stream.sockets.count), [file])
        var rest = stream.sockets[...]
        while !rest.isEmpty {
            try send(.sockets, rest.prefix(LINUX_MOST_SOCKETS))
            guard try receive(until: deadline).message == .taken else { throw .unexpected }
            rest = rest.dropFirst(LINUX_MOST_SOCKETS)
        }
    }

    /// Receives what ``send(_:until:)-(HandoverStream,_)`` sends.
    func receiveState(until deadline: ContinuousClock.Instant) throws(Failure) -> HandoverStream {
        let (message, files) = try receive(until: deadline)
        guard case .state(let size, let count) = message else { throw .unexpected }
        guard let file = files.first else { throw .short }
        defer { close(file) }
        var status = stat()
        guard fstat(file, &status) == 0, Int(status.st_size) == size else { throw .unexpected }
        var bytes = [UInt8](repeating: 0, count: size)
        var read = 0
        while read < size {
            let more = bytes.withUnsafeMutableBytes { pread(file, $0.baseAddress.map { $0 + read }, size - read, read) }
            guard more > 0 || more < 0 && errno == EINTR else { throw .system("read", errno) }
            read += max(0, more)
        }
        var sockets: [Int32] = []
        while sockets.count < count {
            let (message, portion) = try receive(until: deadline)
            guard message == .sockets else { throw .unexpected }
            sockets += portion
            // The kernel drops silently what this process has no room for.
            guard portion.count == min(LINUX_MOST_SOCKETS, count - sockets.count + portion.count) else {
                for socket in sockets { close(socket) }
                throw .short
            }
            try send(.taken)
        }
        return HandoverStream(reading: bytes, sockets: sockets)
    }
}

extension HandoverChannel.Message {
    fileprivate var bytes: [UInt8] {
        switch self {
        case .prepared(let version): Array("prepared \(version)".utf8)
        case .state(let bytes, let sockets): Array("state \(bytes) \(sockets)".utf8)
        case .sockets: Array("sockets".utf8)
        case .taken: Array("taken".utf8)
        case .ready: Array("ready".utf8)
        case .go: Array("go".utf8)
        case .failed(let text): Array("failed \(text.prefix(900))".utf8)
        }
    }

    fileprivate init?(_ bytes: some Sequence<UInt8>) {
        let text = String(decoding: Array(bytes), as: UTF8.self)
        let words = text.split(separator: " ")
        switch words.first {
        case "prepared":
            guard words.count == 2, let version = UInt32(words[1]) else { return nil }
            self = .prepared(version: version)
        case "state":
            guard words.count == 3, let bytes = Int(words[1]), let sockets = Int(words[2]), bytes >= 0, sockets >= 0 else { return nil }
            self = .state(bytes: bytes, sockets: sockets)
        case "sockets": self = .sockets
        case "taken": self = .taken
        case "ready": self = .ready
        case "go": self = .go
        case "failed": self = .failed(String(text.dropFirst(7)))
        default: return nil
        }
    }
}

extension HandoverChannel.Failure: CustomStringConvertible {
    var description: String {
        switch self {
        case .ended: "the new program ended; its own message says why"
        case .late: "the new program was not ready in time"
        case .system(let call, let code): "\(call): \(String(cString: strerror(code)))"
        case .refused(let text): text
        case .short: "the new program has no file descriptors left for this one's connections: raise its limit (LimitNOFILE=)"
        case .unexpected: "the new program speaks another language: it is no poold, or of a version that cannot take over from this one"
        }
    }
}

/// Calls that block, away from the cooperative threads.
enum Blocking {
    static func run<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            let work: @Sendable () -> Void = { continuation.resume(with: Result(catching: body)) }
            if !BackgroundThread.start(named: "handover", work) { work() }
        }
    }
}
