import Glibc
import HTTP
import Synchronization

/// A connected socket: what tests need to say things no proper client or server would.
final class RawSocket: Sendable {
    let descriptor: Int32

    init(descriptor: Int32) {
        self.descriptor = descriptor
        // A test that waits for bytes that never come must fail, not hang.
        var limit = timeval(tv_sec: 20, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
    }

    /// Connects to a port of this machine.
    convenience init(connectingTo port: UInt16) {
        self.init(descriptor: socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0))
        var address = Self.loopback(port)
        withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                _ = connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
    }

    deinit {
        close(descriptor)
    }

    func write(_ text: String) {
        write(Array(text.utf8))
    }

    func write(_ bytes: [UInt8]) {
        _ = send(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL))
    }

    /// Whether the other side has not closed it.
    var isOpen: Bool {
        var byte: UInt8 = 0
        return recv(descriptor, &byte, 1, Int32(MSG_PEEK) | Int32(MSG_DONTWAIT)) < 0 && errno == EAGAIN
    }

    /// What comes until `end`, inclusive, or until the other side closes.
    func read(until end: String = "\r\n\r\n") -> String {
        var bytes: [UInt8] = []
        var byte: UInt8 = 0
        while recv(descriptor, &byte, 1, 0) == 1 {
            bytes.append(byte)
            if bytes.suffix(end.utf8.count).elementsEqual(end.utf8) { break }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Steps over so many bytes.
    func skip(_ count: Int) {
        var left = count
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while left > 0, case let count = recv(descriptor, &buffer, min(left, buffer.count), 0), count > 0 { left -= count }
    }

    /// `read` for tests: they run on the cooperative pool, which the server's handlers need too and which must not be blocked.
    func text(until end: String = "\r\n\r\n") async -> String {
        await withCheckedContinuation { continuation in
            if !BackgroundThread.start(named: "read", { continuation.resume(returning: self.read(until: end)) }) {
                continuation.resume(returning: "")
            }
        }
    }

    /// `readToEnd` for tests.
    func textToEnd() async -> String {
        await withCheckedContinuation { continuation in
            if !BackgroundThread.start(named: "read", { continuation.resume(returning: self.readToEnd()) }) { continuation.resume(returning: "") }
        }
    }

    /// Everything until the other side closes.
    func readToEnd() -> String {
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while case let count = recv(descriptor, &buffer, buffer.count, 0), count > 0 { bytes += buffer.prefix(count) }
        return String(decoding: bytes, as: UTF8.self)
    }

    static func loopback(_ port: UInt16) -> sockaddr_in {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        return address
    }
}

/// Listens on a free port and hands each connection, with its number from 0, to a script on a thread of its own.
final class ScriptedServer: Sendable {
    let port: UInt16
    private let listener: Int32
    private let accepted = Mutex(0)

    /// How many connections came so far.
    var connections: Int { accepted.withLock { $0 } }
    var url: String { "http://127.0.0.1:\(port)/" }

    init(_ script: @escaping @Sendable (RawSocket, Int) -> Void) {
        let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        self.listener = listener
        var address = RawSocket.loopback(0)
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                _ = bind(listener, $0, length)
                _ = listen(listener, 64)
                _ = getsockname(listener, $0, &length)
            }
        }
        port = UInt16(bigEndian: address.sin_port)
        _ = BackgroundThread.start(named: "script") { [weak self] in
            while case let descriptor = accept(listener, nil, nil), descriptor >= 0 {
                let number = self?.accepted.withLock { count in
                    count += 1
                    return count - 1
                }
                guard let number else { break }
                _ = BackgroundThread.start(named: "script-\(number)") { script(RawSocket(descriptor: descriptor), number) }
            }
            close(listener)
        }
    }

    deinit {
        // Wakes accept, which close would not.
        shutdown(listener, Int32(SHUT_RDWR))
    }
}
