import Glibc
import HTTP
import Synchronization
import Testing

/// What strangers cost: their bodies are not kept, and their requests may not take for ever.
@Suite(.timeLimit(.minutes(1)))
struct HTTPAdmissionTests {
    private let handled = Handled()

    private final class Handled: Sendable {
        let bodies = Mutex<[Int]>([])
    }

    /// Lets in whoever says the word.
    private func server(limits: HTTPServer.Limits = .init(bodyBytes: 8 << 20)) throws -> HTTPServer {
        try HTTPServer(
            listen: .tcp(host: "127.0.0.1", port: 0),
            limits: limits,
            admission: { $0.headers["X-Word"] == "friend" ? nil : HTTPResponse(status: 401, text: "who are you\n") },
            handler: { [handled] request in
                handled.bodies.withLock { $0.append(request.body.count) }
                return HTTPResponse(text: "welcome\n")
            }
        )
    }

    /// The answer comes while the body is still to come.
    @Test(arguments: ["Content-Length: 5000000", "Transfer-Encoding: chunked"])
    func longBodiesOfStrangersAreNotAwaited(framing: String) async throws {
        let server = try server()
        let socket = RawSocket(connectingTo: server.boundPort ?? 0)
        socket.write("POST / HTTP/1.1\r\nHost: a\r\n\(framing)\r\n\r\n")
        #expect(await socket.text().hasPrefix("HTTP/1.1 401"))
        #expect(handled.bodies.withLock { $0 } == [])
        await server.stop()
    }

    /// Whoever sends a short one is answered in order, and may try again over the same connection.
    @Test func shortBodiesOfStrangersAreDropped() async throws {
        let server = try server()
        let socket = RawSocket(connectingTo: server.boundPort ?? 0)
        for _ in 0..<3 {
            socket.write("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3000\r\n\r\n")
            socket.write(String(repeating: "x", count: 3000))
            #expect(await socket.text(until: "who are you\n").hasPrefix("HTTP/1.1 401"))
        }
        socket.write("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
        #expect(await socket.text(until: "who are you\n").hasPrefix("HTTP/1.1 401"))
        #expect(handled.bodies.withLock { $0 } == [])
        socket.write("POST / HTTP/1.1\r\nHost: a\r\nX-Word: friend\r\nContent-Length: 4\r\n\r\nbody")
        #expect(await socket.text(until: "welcome\n").hasPrefix("HTTP/1.1 200"))
        #expect(handled.bodies.withLock { $0 } == [4])
        await server.stop()
    }

    /// Each byte comes long before the connection counts as silent; the request never ends.
    @Test(arguments: ["GET / HTTP/1.1\r\nX-Slow: ", "POST / HTTP/1.1\r\nHost: a\r\nX-Word: friend\r\nContent-Length: 1000000\r\n\r\n"])
    func requestsThatTrickleAreEnded(beginning: String) async throws {
        let server = try server(limits: .init(arrival: .seconds(1)))
        let socket = RawSocket(connectingTo: server.boundPort ?? 0)
        socket.write(beginning)
        let trickle = Task {
            while !Task.isCancelled {
                socket.write("x")
                try await Task.sleep(for: .milliseconds(50))
            }
        }
        #expect(await socket.textToEnd().isEmpty)
        #expect(!socket.isOpen)
        trickle.cancel()
        await server.stop()
    }

    /// A handler may take longer than a request, and the next request has its own time.
    @Test func theTimeIsNotTheHandlers() async throws {
        let server = try HTTPServer(listen: .tcp(host: "127.0.0.1", port: 0), limits: .init(arrival: .milliseconds(400))) { _ in
            try? await Task.sleep(for: .milliseconds(800))
            return HTTPResponse(text: "done\n")
        }
        let socket = RawSocket(connectingTo: server.boundPort ?? 0)
        for _ in 0..<2 {
            socket.write("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
            #expect(await socket.text(until: "done\n").hasPrefix("HTTP/1.1 200"))
        }
        await server.stop()
    }
}
