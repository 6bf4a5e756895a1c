import HTTP
import Testing

/// A server that tells what it was asked.
func echoServer(
    _ address: HTTPServer.Address = .tcp(host: "127.0.0.1", port: 0),
    limits: HTTPServer.Limits = .init()
) throws -> HTTPServer {
    try HTTPServer(listen: address, limits: limits) { request in
        var response = HTTPResponse(contentType: "application/octet-stream", bytes: request.body)
        response.headers["X-Method"] = request.method.rawValue
        response.headers["X-Path"] = request.path
        response.headers["X-Query"] = request.query.map { "\($0.name)=\($0.value)" }.joined(separator: "|")
        response.headers["X-Authorization"] = request.headers["authorization"]
        response.headers["X-Remote"] = request.remoteAddress
        response.headers["X-Type"] = request.headers["CONTENT-TYPE"]
        return response
    }
}

extension HTTPServer {
    func url(_ path: String = "/") -> String { "http://127.0.0.1:\(boundPort ?? 0)\(path)" }
}

/// Client and server against each other over real sockets.
@Suite(.timeLimit(.minutes(1)))
struct HTTPRoundTripTests {
    @Test(arguments: [0, 1, 1023, 1025, 70_000, 5_000_000])
    func bodiesOfAnySizeComeBack(size: Int) async throws {
        let server = try echoServer(limits: .init(bodyBytes: 8 << 20))
        let body = (0..<size).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        let response = try await HTTPClient().perform(HTTPClientRequest(url: server.url("/a%20b?x=1&y=%26&z"), method: .post, body: body))
        #expect(response.status == 200)
        #expect(response.body == body)
        #expect(response.headers["x-method"] == "POST")
        #expect(response.headers["X-Path"] == "/a b")
        #expect(response.headers["X-Query"] == "x=1|y=&|z=")
        #expect(response.headers["X-Remote"] == "127.0.0.1")
        await server.stop()
    }

    @Test(arguments: [false, true])
    func bodiesInPiecesComeBackJoined(isUrgent: Bool) async throws {
        let server = try echoServer()
        var request = HTTPClientRequest(url: server.url(), method: .put, isUrgent: isUrgent)
        request.bodyPieces = [[1, 2], [], [UInt8](repeating: 3, count: 300_000), [4]]
        let response = try await HTTPClient().perform(request)
        #expect(response.headers["X-Method"] == "PUT")
        #expect(response.body == request.body)
        #expect(response.body.count == 300_003)
        await server.stop()
    }

    @Test(arguments: [
        ("u", "p", "Basic dTpw"), ("__cookie__", "a:b", "Basic X19jb29raWVfXzphOmI="), ("", "", "Basic Og=="),
    ])
    func credentialsAreSentAtOnce(user: String, password: String, header: String) async throws {
        let server = try echoServer()
        var request = HTTPClientRequest(url: server.url())
        request.credentials = HTTPCredentials(user: user, password: password)
        #expect(try await HTTPClient().perform(request).headers["X-Authorization"] == header)
        #expect("\(request)".contains("HTTPCredentials(…)"))
        await server.stop()
    }

    @Test(arguments: [200, 204, 301, 400, 401, 403, 404, 500, 503])
    func everyStatusIsAResponse(status: Int) async throws {
        let server = try HTTPServer(listen: .tcp(host: "127.0.0.1", port: 0)) { request in
            var response = HTTPResponse(status: status, text: status == 204 ? "" : "body \(request.body.count)")
            response.headers["WWW-Authenticate"] = "Basic realm=\"node\""
            response.headers["Location"] = "/elsewhere"
            return response
        }
        var request = HTTPClientRequest(url: server.url(), method: .post, body: [1, 2])
        request.credentials = HTTPCredentials(user: "u", password: "wrong")
        let response = try await HTTPClient().perform(request)
        #expect(response.status == status)
        #expect(response.body == Array((status == 204 ? "" : "body 2").utf8))
        await server.stop()
    }

    @Test func otherMethodsAndHeaders() async throws {
        let server = try echoServer()
        let client = HTTPClient()
        let head = try await client.perform(HTTPClientRequest(url: server.url(), method: .head))
        #expect(head.headers["X-Method"] == "HEAD")
        #expect(head.body.isEmpty)
        let delete = try await client.perform(HTTPClientRequest(url: server.url(), method: .delete, headers: ["content-type": "a/b"]))
        #expect(delete.headers["X-Method"] == "DELETE")
        #expect(delete.headers["X-Type"] == "a/b")
        await #expect(throws: HTTPError.badRequest("a control character in a header or the method")) {
            try await client.perform(HTTPClientRequest(url: server.url(), headers: ["X-A": "b\r\nX-Injected: c"]))
        }
        await server.stop()
    }

    @Test func connectionsAreKeptOpenAndShared() async throws {
        let server = ScriptedServer { socket, _ in
            while !socket.read().isEmpty { socket.write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok") }
        }
        let client = HTTPClient()
        for _ in 0..<20 { #expect(try await client.perform(HTTPClientRequest(url: server.url)).body == Array("ok".utf8)) }
        #expect(server.connections == 1)
    }

    @Test func ipv6() async throws {
        let server: HTTPServer
        do {
            server = try echoServer(.tcp(host: "::1", port: 0))
        } catch HTTPServerError.badAddress {
            print("IPv6 test skipped: this machine has no ::1")
            return
        }
        let response = try await HTTPClient().perform(HTTPClientRequest(url: "http://[::1]:\(server.boundPort ?? 0)/"))
        #expect(response.headers["X-Remote"] == "::1")
        await server.stop()
    }
}
