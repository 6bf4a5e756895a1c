public import HTTP
public import JSON
import Synchronization

/// Asks one node by JSON-RPC.
///
/// Any task or thread may use it; connections are kept open and shared through the `HTTPClient`.
public final class NodeClient: Sendable {
    public let endpoint: NodeEndpoint
    let http: HTTPClient
    private let cookie: CookieFile?
    private let lastID = Atomic<Int64>(0)

    public init(_ endpoint: NodeEndpoint, http: HTTPClient) {
        self.endpoint = endpoint
        self.http = http
        cookie = if case .cookieFile(let path) = endpoint.credentials { CookieFile(path: path) } else { nil }
    }

    /// Calls `method` with positional parameters (an array) or named ones (an object) and returns the result.
    public func call(_ method: String, _ params: JSONValue = [], timeout: Duration = .seconds(30)) async throws(NodeError) -> JSONValue {
        let id = newID()
        var request = try request(timeout: timeout)
        request.body = JSONRPC.body(endpoint.version, id: id, method: method, params: params)
        return try JSONRPC.result(of: try await send(request), id: id)
    }

    /// Calls `method` with positional parameters and returns the result.
    public func call(_ method: String, _ params: [JSONValue], timeout: Duration = .seconds(30)) async throws(NodeError) -> JSONValue {
        try await call(method, .array(params), timeout: timeout)
    }

    /// Calls a method that must never run twice, such as a payment: on a connection of its own, and never repeated.
    public func callOnce(_ method: String, _ params: [JSONValue], timeout: Duration = .seconds(60)) async throws(NodeError) -> JSONValue {
        let id = newID()
        var request = try request(timeout: timeout)
        request.body = JSONRPC.body(endpoint.version, id: id, method: method, params: .array(params))
        request.repeatable = false
        // A 401 is given before anything is done, so `send` may repeat that.
        return try JSONRPC.result(of: try await send(request), id: id)
    }

    /// Keeps a connection open for what is urgent; Bitcoin Core closes one that was idle for 30 s.
    public func keepWarm(every interval: Duration = .seconds(10)) -> HTTPKeepWarm {
        http.keepWarm(every: interval) { [self] in
            var request = try? request(timeout: .seconds(10))
            request?.body = JSONRPC.body(endpoint.version, id: newID(), method: "uptime", params: [])
            return request
        }
    }
}

extension NodeClient {
    func newID() -> Int64 { lastID.add(1, ordering: .relaxed).newValue }

    /// A request without body.
    func request(timeout: Duration) throws(NodeError) -> HTTPClientRequest {
        HTTPClientRequest(
            url: endpoint.url,
            method: .post,
            headers: ["Content-Type": "application/json"],
            credentials: try credentials(),
            connectTimeout: min(timeout, .seconds(5)),
            timeout: timeout,
            responseLimit: endpoint.responseLimit
        )
    }

    private func credentials() throws(NodeError) -> HTTPCredentials? {
        switch endpoint.credentials {
        case .none: nil
        case .password(let credentials): credentials
        case .cookieFile: try cookie?.credentials()
        }
    }

    private func send(_ request: HTTPClientRequest) async throws(NodeError) -> HTTPClientResponse {
        do {
            let response = try await http.perform(request)
            guard let second = afterRefusal(response, of: request) else { return response }
            return try await http.perform(second)
        } catch {
            throw NodeError(error)
        }
    }

    /// The request to send in place of one that was answered 401: with the cookie that the node wrote meanwhile. Nil when there is none.
    func afterRefusal(_ response: HTTPClientResponse, of request: HTTPClientRequest) -> HTTPClientRequest? {
        guard response.status == 401, let cookie else { return nil }
        cookie.forget()
        guard let credentials = try? cookie.credentials(), credentials != request.credentials else { return nil }
        var request = request
        request.credentials = credentials
        return request
    }
}
