import HTTP
import Testing

/// Client and server against each other over real sockets.
@Suite(.timeLimit(.minutes(1)))
struct HTTPRoundTripTests {
    /// A server that tells what it was asked.
    static func echo(limits: HTTPServer.Limits = .init(), address: HTTPServer.Address = .tcp(host: "127.0.0.1", port: 0)) throws -> HTTPServer {
        try HTTPServer(listen: address, limits: limits) { request in
            switch request.path {
            case "/401": return HTTPResponse(status: 401, headers: ["WWW-Authenticate": "Basic realm=\"node\""], body: .bytes([]))
            case "/500": return HTTPResponse(status: 500, contentType: "application/json", bytes: Array(#"{"error":1}"#.utf8))
            default:
                var response = HTTPResponse(contentType: "application/octet-stream", bytes: request.body)
                response.headers["X-Method"] = request.method.rawValue
                response.headers["X-Path"] = request.path
                response.headers["X-Query"] = request.query.map { "\($0.name)=\($0.value)" }.joined(separator: "|")
                response.headers["X-Authorization"] = request.headers["authorization"]
                response.headers["X-Remote"] = request.remoteAddress
                return response
            }
        }
    }

    static func url(_ server: HTTPServer, _ path: String = "/") -> String { "http://127.0.0.1:\(server.boundPort ?? 0)\(path)" }

    @Test(arguments: [0, 1, 1023, 1025, 70_000, 5_000_000])
    func bodiesOfAnySizeComeBack(size: Int) async throws {
        let server = try Self.echo(limits: .init(bodyBytes: 8 << 20))
        let client = HTTPClient()
        let body = (0..<size).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        let response = try await client.perform(HTTPClientRequest(url: Self.url(server, "/a%20b?x=1&y=%26"), method: .post, body: body))
        #expect(response.status == 200)
        #expect(response.body == body)
        #expect(response.headers["x-method"] == "POST")
        #expect(response.headers["X-Path"] == "/a b")
        #expect(response.headers["X-Query"] == "x=1|y=&")
        #expect(response.headers["X-Remote"] == "127.0.0.1")
        await server.stop()
    }

    @Test func unauthorizedCompletes() async throws {
        let server = try Self.echo()
        let client = HTTPClient()
        var request = HTTPClientRequest(url: Self.url(server, "/401"), method: .post, body: [1])
        request.credentials = HTTPCredentials(user: "u", password: "wrong")
        #expect(try await client.perform(request).status == 401)
        await server.stop()
    }
}
