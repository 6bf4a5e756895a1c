import Dispatch
import Glibc
import HTTP
import Testing

/// The client against servers that misbehave.
@Suite(.timeLimit(.minutes(1)))
struct HTTPClientTests {
    /// Reads the request and never answers.
    static func silent() -> ScriptedServer {
        ScriptedServer { socket, _ in
            _ = socket.read()
            _ = socket.readToEnd()
        }
    }

    @Test func answersThatNeverComeTimeOut() async {
        let server = Self.silent()
        await #expect(throws: HTTPError.timedOut(sent: true)) {
            try await HTTPClient().perform(HTTPClientRequest(url: server.url, timeout: .seconds(1)))
        }
    }

    @Test func closedPortsAreUnreachable() async {
        // A port that was just free: nothing listens there.
        let port = ScriptedServer { _, _ in }.port
        let error = await #expect(throws: HTTPError.self) { try await HTTPClient().perform(HTTPClientRequest(url: "http://127.0.0.1:\(port)/")) }
        #expect(error == .unreachable(String(cString: strerror(ECONNREFUSED))))
        #expect(error?.requestMayHaveArrived == false)
    }

    @Test(arguments: ["", "http://", "ftp://127.0.0.1/", "nonsense:1", "file:///etc/passwd"])
    func urlsThatCannotBeAreRefused(url: String) async {
        let error = await #expect(throws: HTTPError.self) { try await HTTPClient().perform(HTTPClientRequest(url: url, timeout: .seconds(5))) }
        #expect(error?.requestMayHaveArrived == false)
    }

    static let broken: [(answer: String, label: String)] = [
        ("", "broken"),
        ("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nshort", "broken"),
        ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", "broken"),
        ("SSH-2.0-OpenSSH_9.2\r\n\r\n", "malformed"),
        ("HTTP/1.1 200 OK\r\nContent-Length: 2000\r\n\r\n" + String(repeating: "x", count: 2000), "too-large"),
        ("HTTP/1.1 200 OK\r\n\r\n" + String(repeating: "x", count: 2000), "too-large"),
        ("HTTP/1.1 200 OK\r\n" + String(repeating: "X-A: " + String(repeating: "b", count: 1000) + "\r\n", count: 100) + "\r\n", "malformed"),
    ]

    @Test(arguments: broken)
    func brokenAnswersAreErrors(answer: String, label: String) async {
        let server = ScriptedServer { socket, _ in
            _ = socket.read()
            socket.write(answer)
        }
        let error = await #expect(throws: HTTPError.self) {
            try await HTTPClient().perform(HTTPClientRequest(url: server.url, timeout: .seconds(5), responseLimit: 1000))
        }
        #expect(error?.label == label)
        #expect(error?.requestMayHaveArrived == true)
    }

    @Test func interimAnswersAreSteppedOver() async throws {
        let server = ScriptedServer { socket, _ in
            _ = socket.read()
            socket.write("HTTP/1.1 103 Early Hints\r\nX-A: early\r\n\r\nHTTP/1.1 200 OK\r\nX-A:  late \t\r\nContent-Length: 0\r\n\r\n")
        }
        let response = try await HTTPClient().perform(HTTPClientRequest(url: server.url))
        #expect(response.headers.fields.filter { $0.name == "X-A" }.map(\.value) == ["late"])
    }

    /// A long body must leave at once: no `Expect: 100-continue`, which costs a second where the server does not know it.
    @Test func longBodiesDoNotAskLeave() async throws {
        let server = ScriptedServer { socket, _ in
            let head = socket.read()
            socket.skip(2_000_000)
            socket.write("HTTP/1.1 200 OK\r\nContent-Length: \(head.utf8.count)\r\n\r\n\(head)")
        }
        let body = [UInt8](repeating: UInt8(ascii: "x"), count: 2_000_000)
        let response = try await HTTPClient().perform(HTTPClientRequest(url: server.url, method: .post, body: body))
        let head = String(decoding: response.body, as: UTF8.self)
        #expect(head.contains("Content-Length: 2000000\r\n"))
        #expect(!head.contains("Expect"))
    }

    @Test func cancellingTheTaskCancelsTheTransfer() async throws {
        let (arrivals, arrived) = AsyncStream.makeStream(of: Void.self)
        let closed = AsyncStream.makeStream(of: Void.self)
        let server = ScriptedServer { socket, _ in
            _ = socket.read()
            arrived.yield()
            _ = socket.readToEnd()
            closed.continuation.yield()
        }
        let client = HTTPClient()
        let task = Task { try await client.perform(HTTPClientRequest(url: server.url)) }
        for await _ in arrivals { break }
        task.cancel()
        await #expect(throws: HTTPError.cancelled) { try await task.value }
        // The server sees the connection go.
        for await _ in closed.stream { break }
    }

    @Test func aCancelledTaskSendsNothingOrGivesUp() async {
        let server = Self.silent()
        let client = HTTPClient()
        for _ in 0..<50 {
            let task = Task {
                withUnsafeCurrentTask { $0?.cancel() }
                return try await client.perform(HTTPClientRequest(url: server.url))
            }
            await #expect(throws: HTTPError.cancelled) { try await task.value }
        }
    }

    @Test func shutDownEndsWhatIsUnderWayAndWhatComes() async {
        let (arrivals, arrived) = AsyncStream.makeStream(of: Void.self)
        let server = ScriptedServer { socket, _ in
            _ = socket.read()
            arrived.yield()
            _ = socket.readToEnd()
        }
        let client = HTTPClient()
        let task = Task { try await client.perform(HTTPClientRequest(url: server.url)) }
        for await _ in arrivals { break }
        client.shutDown()
        await #expect(throws: HTTPError.shutDown) { try await task.value }
        await #expect(throws: HTTPError.shutDown) { try await client.perform(HTTPClientRequest(url: server.url)) }
    }

    /// Completions come for all of many transfers at once, each with its own answer.
    @Test func manyAtOnce() async throws {
        let server = try echoServer()
        let client = HTTPClient()
        try await withThrowingTaskGroup(of: Bool.self) { group in
            for number in 0..<300 {
                group.addTask {
                    let body = Array("\(number)".utf8)
                    return try await client.perform(HTTPClientRequest(url: server.url(), method: .post, body: body)).body == body
                }
            }
            for try await same in group { #expect(same) }
        }
        await server.stop()
    }

    /// A server that closes a kept-open connection just as the next request comes.
    static func closing() -> ScriptedServer {
        ScriptedServer { socket, number in
            _ = socket.read()
            socket.write("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n\(number)")
            _ = socket.read(until: "G")
        }
    }

    @Test func aRequestOnADyingConnectionIsRepeated() async throws {
        let server = Self.closing()
        let client = HTTPClient()
        #expect(try await client.perform(HTTPClientRequest(url: server.url)).body == Array("0".utf8))
        #expect(try await client.perform(HTTPClientRequest(url: server.url)).body == Array("1".utf8))
    }

    @Test func whatMustNotBeRepeatedGetsItsOwnConnection() async throws {
        let server = ScriptedServer { socket, number in
            while !socket.read().isEmpty { socket.write("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n\(number)") }
        }
        let client = HTTPClient()
        var request = HTTPClientRequest(url: server.url)
        #expect(try await client.perform(request).body == Array("0".utf8))
        request.repeatable = false
        #expect(try await client.perform(request).body == Array("1".utf8))
    }

    @Test func connectionsAreKeptWarm() async {
        let (requests, requested) = AsyncStream.makeStream(of: Int.self)
        let server = ScriptedServer { socket, number in
            while !socket.read().isEmpty {
                socket.write("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
                requested.yield(number)
            }
        }
        let client = HTTPClient()
        let url = server.url
        let warm = client.keepWarm(every: .milliseconds(20)) { HTTPClientRequest(url: url) }
        var seen = 0
        for await number in requests {
            #expect(number == 0)
            seen += 1
            if seen == 3 { break }
        }
        warm.cancel()
    }

    /// In a process of its own: changing the environment is not safe beside other threads.
    @Test func aProxyOfTheEnvironmentIsNotUsed() async {
        await #expect(processExitsWith: .success) {
            let proxy = ScriptedServer { _, _ in }
            for name in ["http_proxy", "ALL_PROXY"] { setenv(name, "http://127.0.0.1:\(proxy.port)", 1) }
            let server = try echoServer()
            let status = try await HTTPClient().perform(HTTPClientRequest(url: server.url())).status
            await server.stop()
            exit(status == 200 && proxy.connections == 0 ? EXIT_SUCCESS : EXIT_FAILURE)
        }
    }

    /// Nothing of an urgent request waits for the client's thread but the rest of a long body and the answer.
    @Test func urgentRequestsLeaveOnTheirCallersThread() async throws {
        let size = 1_000_000
        let (arrivals, arrived) = AsyncStream.makeStream(of: String.self)
        let server = ScriptedServer { socket, _ in
            while case let head = socket.read(), !head.isEmpty {
                if head.hasPrefix("POST") {
                    socket.skip(1000)
                    arrived.yield("beginning")
                    socket.skip(size - 1000)
                    arrived.yield("end")
                }
                socket.write("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
            }
        }
        let client = HTTPClient()
        _ = try await client.perform(HTTPClientRequest(url: server.url))

        // The client's thread is held in a completion.
        let thread = DispatchSemaphore(value: 0)
        let held = DispatchSemaphore(value: 0)
        client.send(HTTPClientRequest(url: "nonsense:")) { _ in
            held.signal()
            thread.wait()
        }
        await withCheckedContinuation { continuation in
            _ = BackgroundThread.start(named: "wait") {
                held.wait()
                continuation.resume()
            }
        }
        let (statuses, answered) = AsyncStream.makeStream(of: Int?.self)
        var request = HTTPClientRequest(url: server.url, method: .post, body: [UInt8](repeating: 1, count: size))
        request.isUrgent = true
        client.send(request) { answered.yield(try? $0.get().status) }
        var words = arrivals.makeAsyncIterator()
        #expect(await words.next() == "beginning")
        thread.signal()
        #expect(await words.next() == "end")
        var answers = statuses.makeAsyncIterator()
        #expect(await answers.next() == 200)
        #expect(server.connections == 1)
    }

    @Test func everyErrorHasItsWords() {
        let errors: [HTTPError] = [
            .badRequest("a"), .unresolvable("a"), .unreachable("a"), .insecure("a"), .timedOut(sent: true), .broken("a", sent: true),
            .tooLarge(limit: 1), .malformed("a"), .cancelled, .shutDown,
        ]
        #expect(Set(errors.map(\.label)).count == errors.count)
        #expect(Set(errors.map(\.text)).count == errors.count)
        #expect(errors.allSatisfy { !$0.remedy.isEmpty })
    }
}
