import Foundation
import Glibc
import JSON
import Testing

/// Runs what blocks on a thread of its own: Swift has as many as there are processors, and a node in this process needs one to answer.
func aside<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) async throws -> Value {
    try await withCheckedThrowingContinuation { continuation in
        Thread.detachNewThread { continuation.resume(with: Result { try body() }) }
    }
}

/// A miner that talks line by line.
final class LineClient {
    private let fd: Int32
    private var buffer: [UInt8] = []
    /// For the words of a failure.
    private var lastLine = "nothing"

    init(port: UInt16) throws {
        fd = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        var patience = timeval(tv_sec: 40, tv_usec: 0)
        setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        let code = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { connect(fd, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) }
        }
        guard code == 0 else { throw Programs.Failure("no connection: \(errno)") }
    }

    deinit { close(fd) }

    func end() { shutdown(fd, Int32(SHUT_RDWR)) }

    func send(_ lines: String...) {
        let bytes = Array(lines.map { $0 + "\n" }.joined().utf8)
        _ = Glibc.send(fd, bytes, bytes.count, Int32(MSG_NOSIGNAL))
    }

    func logIn(_ user: String) async throws {
        send(#"{"id":1,"method":"mining.subscribe","params":["t"]}"#, #"{"id":2,"method":"mining.authorize","params":["\#(user)","x"]}"#)
        while let line = try await line() {
            guard line.hasPrefix(#"{"id":2,"#) else { continue }
            #expect(line == #"{"id":2,"result":true,"error":null}"#)
            return
        }
        throw Programs.Failure("closed while it logged in")
    }

    /// The next line; nil when the pool has closed. Forty seconds of silence are an error.
    func line() async throws -> String? {
        while true {
            if let end = buffer.firstIndex(of: 0x0a) {
                lastLine = String(decoding: buffer[..<end], as: UTF8.self)
                buffer.removeSubrange(...end)
                return lastLine
            }
            let (chunk, code) = try await aside { [fd] in
                var chunk = [UInt8](repeating: 0, count: 65_536)
                let count = recv(fd, &chunk, chunk.count, 0)
                return (chunk.prefix(max(0, count)), count < 0 ? errno : 0)
            }
            guard code == 0 || code == ECONNRESET else { throw Programs.Failure("silence (errno \(code)) after \(lastLine)") }
            if chunk.isEmpty { return nil }
            buffer += chunk
        }
    }

    /// The next notification of a method; nil when the pool has closed.
    func notification(_ method: String) async throws -> String? {
        while let line = try await line() {
            if line.contains("\"method\":\"\(method)\"") { return line }
        }
        return nil
    }

    /// What the next `mining.set_difficulty` says.
    func difficulty() async throws -> Double? {
        try await notification("mining.set_difficulty").flatMap { try JSONValue(parsing: Array($0.utf8))["params"]?[0]?.double }
    }
}
