import Glibc
import HTTP
import Testing

/// Streamed bodies, as server-sent events need them.
@Suite(.timeLimit(.minutes(1)))
struct HTTPStreamTests {
    static func server(_ pieces: AsyncStream<[UInt8]>) throws -> HTTPServer {
        try HTTPServer(listen: .tcp(host: "127.0.0.1", port: 0)) { _ in
            HTTPResponse(headers: ["Content-Type": "text/event-stream"], body: .stream(pieces))
        }
    }

    /// Each piece is on the wire before the next is made.
    @Test func piecesComeAsTheyAreMade() async throws {
        let (pieces, continuation) = AsyncStream.makeStream(of: [UInt8].self)
        let server = try Self.server(pieces)
        let socket = RawSocket(connectingTo: server.boundPort ?? 0)
        socket.write("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
        #expect(await socket.text().contains("chunked"))
        for number in 0..<5 {
            continuation.yield(Array("data: \(number)\n\n".utf8))
            #expect(await socket.text(until: "\n\n").hasSuffix("data: \(number)\n\n"))
        }
        continuation.yield([])
        continuation.finish()
        #expect(await socket.text(until: "0\r\n\r\n").hasSuffix("0\r\n\r\n"))
        await server.stop()
    }

    @Test func longPiecesComeWhole() async throws {
        let size = 1_000_000
        let (pieces, continuation) = AsyncStream.makeStream(of: [UInt8].self)
        let server = try Self.server(pieces)
        for byte in 1...3 { continuation.yield([UInt8](repeating: UInt8(byte), count: size)) }
        continuation.finish()
        let response = try await HTTPClient().perform(HTTPClientRequest(url: server.url()))
        #expect(response.body == (1...3).flatMap { [UInt8](repeating: UInt8($0), count: size) })
        await server.stop()
    }

    /// A client that went away ends the stream, so that its maker learns of it.
    @Test func clientsThatGoEndTheStream() async throws {
        let (pieces, continuation) = AsyncStream.makeStream(of: [UInt8].self)
        let (ends, ended) = AsyncStream.makeStream(of: Void.self)
        continuation.onTermination = { _ in ended.yield() }
        let server = try Self.server(pieces)
        do {
            let socket = RawSocket(connectingTo: server.boundPort ?? 0)
            socket.write("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
            _ = await socket.text()
        }
        // It is noticed only by writing; the first write may still go into the void.
        let writer = Task {
            while !Task.isCancelled {
                continuation.yield(Array(": still here\n".utf8))
                try await Task.sleep(for: .milliseconds(1))
            }
        }
        for await _ in ends { break }
        writer.cancel()
        await server.stop()
    }

    @Test func stoppingEndsStreams() async throws {
        let (pieces, continuation) = AsyncStream.makeStream(of: [UInt8].self)
        let server = try Self.server(pieces)
        let socket = RawSocket(connectingTo: server.boundPort ?? 0)
        socket.write("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
        _ = await socket.text()
        continuation.yield(Array("x\n".utf8))
        _ = await socket.text(until: "x\n")
        await server.stop()
        #expect(await socket.textToEnd().hasSuffix("0\r\n\r\n"))
    }

    /// A handler that answers with a stream just as the server stops must not leave a connection suspended for ever.
    @Test func streamsThatBeginWhileStopping() async throws {
        for _ in 0..<20 {
            let gate = Gate()
            let (pieces, continuation) = AsyncStream.makeStream(of: [UInt8].self)
            let server = try HTTPServer(listen: .tcp(host: "127.0.0.1", port: 0)) { _ in
                await gate.wait()
                return HTTPResponse(body: .stream(pieces))
            }
            let socket = RawSocket(connectingTo: server.boundPort ?? 0)
            socket.write("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
            await gate.waiting(1)
            async let stopped: Void = server.stop()
            gate.open()
            await stopped
            #expect(await socket.text(until: "\r\n").hasPrefix("HTTP/1.1 "))
            continuation.finish()
        }
    }
}
