import Glibc
import HTTP
import Synchronization
import Testing

/// The server against clients that misbehave, and against itself stopping.
@Suite(.timeLimit(.minutes(1)))
struct HTTPServerTests {
    @Test func declaredBodiesAreBounded() async throws {
        let server = try echoServer(limits: .init(bodyBytes: 1000))
        let client = HTTPClient()
        for (size, status) in [(1000, 200), (1001, 413), (5_000_000, 413)] {
            let request = HTTPClientRequest(url: server.url(), method: .post, body: [UInt8](repeating: 1, count: size))
            // Whoever still sends when the answer comes may see the connection break instead.
            do {
                #expect(try await client.perform(request).status == status)
            } catch HTTPError.broken {
                #expect(size > 1_000_000)
            }
        }
        await server.stop()
    }

    @Test(arguments: [(900, "200"), (1_100, "413"), (1_000_000, nil as String?)])
    func chunkedBodiesAreBounded(size: Int, status: String?) async throws {
        let server = try echoServer(limits: .init(bodyBytes: 1000))
        let socket = RawSocket(connectingTo: server.boundPort ?? 0)
        socket.write("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n")
        for _ in 0..<size / 100 { socket.write("64\r\n" + String(repeating: "x", count: 100) + "\r\n") }
        socket.write("0\r\n\r\n")
        let answer = await socket.text(until: "\r\n")
        #expect(status.map { answer.hasPrefix("HTTP/1.1 \($0)") } ?? answer.isEmpty)
        await server.stop()
    }

    static let refused: [(request: String, statuses: [String])] = [
        ("GET / HTTP/1.1\r\nHost: a\r\nX-A: \(String(repeating: "x", count: 70_000))\r\n\r\n", ["431"]),
        ("GET /\(String(repeating: "x", count: 70_000)) HTTP/1.1\r\nHost: a\r\n\r\n", ["414"]),
        ("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999999999999999\r\n\r\n", ["413", "400"]),
        ("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n", ["413", "400"]),
        ("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: x\r\n\r\n", ["413", "400"]),
    ]

    @Test(arguments: refused)
    func badRequestsAreRefused(request: String, statuses: [String]) async throws {
        let server = try echoServer()
        let socket = RawSocket(connectingTo: server.boundPort ?? 0)
        socket.write(request)
        let answer = await socket.text(until: "\r\n")
        #expect(statuses.contains { answer.hasPrefix("HTTP/1.1 \($0)") }, "\(answer)")
        await server.stop()
    }

    @Test func garbageIsHarmless() async throws {
        let server = try echoServer()
        var state: UInt32 = 1
        for round in 1...50 {
            let socket = RawSocket(connectingTo: server.boundPort ?? 0)
            let garbage = (0..<10 * round).map { _ in
                state = state &* 1_664_525 &+ 1_013_904_223
                return UInt8(truncatingIfNeeded: state >> 24)
            }
            socket.write(garbage + Array("\r\n\r\n".utf8))
        }
        #expect(try await HTTPClient().perform(HTTPClientRequest(url: server.url())).status == 200)
        await server.stop()
    }

    @Test func silentConnectionsAreClosed() async throws {
        let server = try echoServer(limits: .init(idle: .seconds(1)))
        let socket = RawSocket(connectingTo: server.boundPort ?? 0)
        socket.write("GET / HTTP/1.1\r\n")
        #expect(await socket.textToEnd().isEmpty)
        #expect(!socket.isOpen)
        await server.stop()
    }

    /// A connection above the limit waits in the backlog until another goes.
    @Test func connectionsAreLimited() async throws {
        let paths = Mutex<[String]>([])
        let server = try HTTPServer(listen: .tcp(host: "127.0.0.1", port: 0), limits: .init(connections: 2)) { request in
            paths.withLock { $0.append(request.path) }
            return HTTPResponse()
        }
        func ask(_ path: String, on socket: RawSocket) { socket.write("GET \(path) HTTP/1.1\r\nHost: a\r\n\r\n") }
        let held = (0..<2).map { _ in RawSocket(connectingTo: server.boundPort ?? 0) }
        for socket in held {
            ask("/held", on: socket)
            #expect(await socket.text().hasPrefix("HTTP/1.1 200"))
        }
        let third = RawSocket(connectingTo: server.boundPort ?? 0)
        ask("/third", on: third)
        for _ in 0..<5 {
            ask("/again", on: held[1])
            #expect(await held[1].text().hasPrefix("HTTP/1.1 200"))
        }
        #expect(!paths.withLock { $0 }.contains("/third"))
        shutdown(held[0].descriptor, Int32(SHUT_RDWR))
        #expect(await third.text().hasPrefix("HTTP/1.1 200"))
        await server.stop()
    }

    /// Two hundred handlers wait at once: were each to hold a thread, the last would never begin.
    @Test func longPollsHoldNoThread() async throws {
        let count = 200
        let gate = Gate()
        let server = try HTTPServer(listen: .tcp(host: "127.0.0.1", port: 0)) { request in
            await gate.wait()
            return HTTPResponse(text: request.path)
        }
        let client = HTTPClient()
        async let answers = withThrowingTaskGroup(of: Int.self) { group in
            for number in 0..<count {
                group.addTask { try await client.perform(HTTPClientRequest(url: server.url("/\(number)"))).status }
            }
            return try await group.reduce(into: 0) { sum, status in sum += status == 200 ? 1 : 0 }
        }
        await gate.waiting(count)
        gate.open()
        #expect(try await answers == count)
        await server.stop()
    }

    /// Requests under way are answered 503, and the port is free afterwards.
    @Test func stoppingFinishes() async throws {
        let gate = Gate()
        let server = try HTTPServer(listen: .tcp(host: "127.0.0.1", port: 0)) { _ in
            await gate.wait()
            return HTTPResponse()
        }
        let port = server.boundPort ?? 0
        let client = HTTPClient()
        let url = server.url()
        let waiting = (0..<10).map { _ in Task { try await client.perform(HTTPClientRequest(url: url)).status } }
        let idle = RawSocket(connectingTo: port)
        await gate.waiting(10)
        async let first: Void = server.stop()
        async let second: Void = server.stop()
        _ = await (first, second)
        for task in waiting { #expect(try await task.value == 503) }
        #expect(await idle.textToEnd().isEmpty)
        gate.open()
        let again = try echoServer(.tcp(host: "127.0.0.1", port: port))
        #expect(again.boundPort == port)
        await again.stop()
    }

    @Test func aServerLetGoStops() async throws {
        var server: HTTPServer? = try echoServer()
        let port = server?.boundPort ?? 0
        let socket = RawSocket(connectingTo: port)
        server = nil
        #expect(await socket.textToEnd().isEmpty)
    }

    @Test func aBusyPortIsNamed() async throws {
        let server = try echoServer()
        let port = server.boundPort ?? 0
        #expect(throws: HTTPServerError.inUse("127.0.0.1:\(port)")) { try echoServer(.tcp(host: "127.0.0.1", port: port)) }
        #expect(throws: HTTPServerError.badAddress("192.0.2.1:0")) { try echoServer(.tcp(host: "192.0.2.1", port: 0)) }
        #expect(throws: HTTPServerError.badAddress("no.such.host.invalid:0")) { try echoServer(.tcp(host: "no.such.host.invalid", port: 0)) }
        await server.stop()
    }
}

/// Many wait, one opens.
final class Gate: Sendable {
    private let state = Mutex(State())

    private struct State {
        var isOpen = false
        var waiting: [CheckedContinuation<Void, Never>] = []
        var watcher: (count: Int, continuation: CheckedContinuation<Void, Never>)?
    }

    func wait() async {
        await withCheckedContinuation { continuation in
            let (open, watcher) = state.withLock { state -> (Bool, CheckedContinuation<Void, Never>?) in
                if state.isOpen { return (true, nil) }
                state.waiting.append(continuation)
                guard let watcher = state.watcher, state.waiting.count >= watcher.count else { return (false, nil) }
                state.watcher = nil
                return (false, watcher.continuation)
            }
            if open { continuation.resume() }
            watcher?.resume()
        }
    }

    /// Returns when so many wait.
    func waiting(_ count: Int) async {
        await withCheckedContinuation { continuation in
            let there = state.withLock { state in
                if state.waiting.count >= count { return true }
                state.watcher = (count, continuation)
                return false
            }
            if there { continuation.resume() }
        }
    }

    func open() {
        let waiting = state.withLock { state in
            state.isOpen = true
            defer { state.waiting = [] }
            return state.waiting
        }
        for continuation in waiting { continuation.resume() }
    }
}
