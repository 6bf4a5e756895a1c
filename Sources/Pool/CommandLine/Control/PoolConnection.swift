import Glibc
internal import HTTP
internal import JSON

/// Asks a pool's administration.
struct PoolConnection: Sendable {
    private let address: PoolAddress
    private let client = HTTPClient()

    /// Why the pool gave no answer; one line with what to do.
    struct Failure: Error, CustomStringConvertible {
        var description: String
    }

    init(_ address: PoolAddress) { self.address = address }

    /// Reads `/api/v1/` + `path`.
    func read(_ path: String) async throws(Failure) -> JSONValue {
        try await send(path, .get, [])
    }

    /// Changes something.
    func change(_ path: String, _ body: JSONValue, within limit: Duration = .seconds(30)) async throws(Failure) -> JSONValue {
        try await send(path, .post, body.serialized(), within: limit)
    }

    /// Asks `/healthz` or `/readyz`, which tell by their status.
    /// - Returns: the pool's words, a line each.
    func probe(_ name: String) async throws(Failure) -> (isGood: Bool, words: [String]) {
        let response = try await perform(request("/\(name)", .get, []))
        // A pool that cannot tell its own state says why in the form of the other answers.
        let words = (try? JSONValue(parsing: response.body))?["error"]?["message"]?.string ?? String(decoding: response.body, as: UTF8.self)
        guard response.status == 200 || response.status == 503 else { throw stranger }
        return (response.status == 200, words.split(separator: "\n").map(String.init))
    }

    private func send(
        _ path: String,
        _ method: HTTPMethod,
        _ body: [UInt8],
        within limit: Duration = .seconds(30)
    ) async throws(Failure) -> JSONValue {
        var request = request("/api/v1/\(path)", method, body)
        request.timeout = limit
        let response = try await perform(request)
        let value = try? JSONValue(parsing: response.body)
        guard response.status == 200 else {
            let words = value?["error"]?["message"]?.string ?? "HTTP status \(response.status)"
            throw Failure(description: response.status == 401 ? "the pool wants a token: \(words); give --token-file" : words)
        }
        guard let value else { throw stranger }
        return value
    }

    private func perform(_ request: HTTPClientRequest) async throws(Failure) -> HTTPClientResponse {
        do {
            return try await client.perform(request)
        } catch {
            throw explain(error)
        }
    }

    private var stranger: Failure { Failure(description: "\(name) answers, but not as a pool does; is it the admin address?") }

    private func request(_ path: String, _ method: HTTPMethod, _ body: [UInt8]) -> HTTPClientRequest {
        var request: HTTPClientRequest
        switch address {
        case .socket(let socket):
            request = HTTPClientRequest(url: "http://localhost\(path)", method: method, body: body, unixSocketPath: socket)
        case .url(let url, let token):
            let base = url.hasSuffix("/") ? String(url.dropLast()) : url
            request = HTTPClientRequest(url: "\(base)\(path)", method: method, body: body)
            if let token { request.headers["Authorization"] = "Bearer \(token.revealed)" }
        }
        if method == .post { request.headers["Content-Type"] = "application/json" }
        // What changes something must not happen twice.
        request.repeatable = method == .get
        return request
    }

    private var name: String {
        switch address {
        case .socket(let path): path
        case .url(let url, _): url
        }
    }

    private static let howToStart = "start one with: poold dev (a trial with its own chain), or poold run --config FILE"

    private func explain(_ error: HTTPError) -> Failure {
        guard case .socket(let path) = address else { return Failure(description: "\(name): \(error.text); \(error.remedy)") }
        if path.isEmpty {
            return Failure(
                description:
                    "no pool is running here; \(Self.howToStart). If one runs elsewhere, name its socket with --socket PATH or its address with --url URL"
            )
        }
        var status = stat()
        if stat(path, &status) != 0 {
            let words = BoundedFile.systemMessage()
            return Failure(description: "\(path): \(words); \(Self.howToStart), or name another socket with --socket PATH")
        }
        if access(path, R_OK | W_OK) != 0 {
            return Failure(description: "\(path): \(BoundedFile.systemMessage()); you must be the pool's user or in its group")
        }
        if case .unreachable = error { return Failure(description: "\(path) is left over from a pool that no longer runs; \(Self.howToStart)") }
        return Failure(description: "\(path): \(error.text); \(error.remedy)")
    }
}
