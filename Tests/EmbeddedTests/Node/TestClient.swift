import Bitcoin
import Embedded
import HTTP
import JSON
import Testing

/// A JSON-RPC client as plain as can be.
struct TestClient: Sendable {
    let http = HTTPClient()
    var url: String
    var credentials: HTTPCredentials?
    var timeout: Duration = .seconds(60)

    init(_ node: EmbeddedNode) {
        url = node.url
        credentials = node.credentials
    }

    init(url: String) {
        self.url = url
    }

    func post(_ body: String) async throws -> (status: Int, body: JSONValue) {
        let response = try await raw(body)
        return (response.status, try JSONValue(parsing: response.body))
    }

    func raw(_ body: String) async throws -> HTTPClientResponse {
        let request = HTTPClientRequest(url: url, method: .post, body: Array(body.utf8), credentials: credentials, timeout: timeout)
        return try await http.perform(request)
    }

    /// The result of a call; an error it answers is thrown.
    @discardableResult
    func call(_ method: String, _ parameters: JSONValue...) async throws -> JSONValue {
        let request: JSONValue = ["id": 1, "method": .string(method), "params": .array(parameters)]
        let body = try await post(request.text()).body
        if let error = body["error"], !error.isNull {
            throw RPCError(code: Int(error["code"]?.integer ?? 0), message: error["message"]?.string ?? "")
        }
        return try #require(body["result"])
    }
}

/// Waits for a condition that another task or thread makes true; fails after a minute, so that a crowded machine is no failure.
func eventually(_ what: Comment, sourceLocation: SourceLocation = #_sourceLocation, _ condition: () async -> Bool) async {
    let deadline = ContinuousClock.now + .seconds(60)
    while ContinuousClock.now < deadline {
        if await condition() { return }
        try? await Task.sleep(for: .milliseconds(2))
    }
    Issue.record(what, sourceLocation: sourceLocation)
}
