import Glibc
import HTTP

/// A client that says what no proper one would.
enum LoopbackPeer {
    /// Sends a text to a port of this machine, and gives so many bytes of what comes back; fewer when the other side closes or is silent.
    static func answer(from port: UInt16, to text: String, bytes count: Int) async -> String {
        // On a thread of its own: the server's tasks need those that tests run on.
        await withCheckedContinuation { continuation in
            let talk: @Sendable () -> Void = { continuation.resume(returning: read(port, after: Array(text.utf8), count)) }
            if !BackgroundThread.start(named: "peer", talk) { continuation.resume(returning: "") }
        }
    }

    private static func read(_ port: UInt16, after text: [UInt8], _ count: Int) -> String {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(descriptor) }
        var limit = timeval(tv_sec: 5, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        let connected = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) }
        }
        guard connected == 0, send(descriptor, text, text.count, Int32(MSG_NOSIGNAL)) == text.count else { return "" }
        var bytes = [UInt8](repeating: 0, count: count)
        let received = recv(descriptor, &bytes, count, Int32(MSG_WAITALL))
        return String(decoding: bytes.prefix(max(0, received)), as: UTF8.self)
    }
}
