import Bitcoin
public import HTTP
public import JSON
import Synchronization

/// A node's JSON-RPC interface: a real HTTP server that calls a handler for each method, and misbehaves on request.
public final class JSONRPCServer: Sendable {
    /// Answers one call. Any error but ``RPCError`` becomes -1.
    public typealias Handler = @Sendable (_ method: String, _ parameters: RPCParameters) async throws -> JSONValue

    private let dialect: RPCDialect
    private let authorization: String?
    private let handler: Handler
    private let gate = FaultGate()
    private let listener: PortHolder

    /// Nothing listens before ``start()``.
    ///
    /// - Parameters:
    ///   - port: 0 takes a free one at the first start and keeps it.
    ///   - credentials: nil lets everyone in, as rskj does.
    public init(
        host: String = "127.0.0.1",
        port: UInt16 = 0,
        dialect: RPCDialect,
        credentials: HTTPCredentials? = nil,
        handler: @escaping Handler
    ) {
        self.dialect = dialect
        self.handler = handler
        authorization = credentials.map(\.basicAuthorization)
        listener = PortHolder(host: host, port: port)
    }

    /// `http://HOST:PORT`, known once it has been started.
    public var url: String { "http://\(listener.host):\(listener.port)" }

    /// The port; 0 before the first start if a free one was asked for.
    public var port: UInt16 { listener.port }

    /// How many calls of a method came, spoiled ones included.
    public func calls(of method: String) -> Int { gate.calls(of: method) }

    /// Listens, on the same port every time. Does nothing while it listens already.
    public func start() async throws(HTTPServerError) {
        try await listener.hold(as: .serving { [weak self] in await self?.answer($0) ?? HTTPResponse(status: 503) })
    }

    /// Answers what is under way with 503 and listens no more.
    public func stop() async {
        gate.set(nil, on: nil)
        await listener.release()
    }

    /// Begins a fault or ends the one there is (nil).
    ///
    /// - Parameter methods: the methods it concerns; nil for all. `refuse` and `drop` always concern all.
    public func setFault(_ fault: NodeFault?, on methods: Set<String>? = nil) async throws(HTTPServerError) {
        gate.set(fault, on: methods)
        switch fault {
        case .refuse: await listener.release()
        case .drop: try await listener.hold(as: .dropping)
        case .hang, .garbage, .warmingUp, .busy, nil: try await start()
        }
    }
}

// MARK: One request

extension JSONRPCServer {
    /// A fault spoils the whole answer.
    private struct Spoiled: Error {
        var fault: NodeFault
    }

    private func answer(_ request: HTTPRequest) async -> HTTPResponse {
        guard request.method == .post else { return HTTPResponse(status: 405, text: "JSONRPC server handles only POST requests") }
        guard authorization == nil || request.headers["Authorization"] == authorization else {
            return HTTPResponse(status: 401, headers: ["WWW-Authenticate": "Basic realm=\"jsonrpc\""])
        }
        do {
            guard let body = try? JSONValue(parsing: request.body) else { return reply(.failure(.parse), to: .null) }
            guard let calls = body.array, dialect == .bitcoind else { return reply(try await result(of: body), to: body) }
            var answers: [JSONValue] = []
            for call in calls { answers.append(dialect.wrap(try await result(of: call), for: call)) }
            return HTTPResponse(contentType: "application/json", bytes: JSONValue.array(answers).serialized() + [0x0a])
        } catch {
            return error.fault == .garbage
                ? HTTPResponse(contentType: "application/json", bytes: Array("<html><body>It works!</body></html>".utf8))
                : HTTPResponse(status: 503, text: "Work queue depth exceeded")
        }
    }

    private func reply(_ result: Result<JSONValue, RPCError>, to call: JSONValue) -> HTTPResponse {
        let body = dialect.wrap(result, for: call).serialized() + [0x0a]
        let headers: HTTPHeaders = dialect == .rskj ? ["Connection": "close"] : [:]
        return HTTPResponse(status: dialect.status(result, for: call), headers: headers, contentType: "application/json", bytes: body)
    }

    private func result(of call: JSONValue) async throws(Spoiled) -> Result<JSONValue, RPCError> {
        guard call.object != nil else { return .failure(.notAnObject) }
        guard let method = call["method"]?.string else { return .failure(.missingMethod) }
        switch await gate.pass(method) {
        case .warmingUp: return .failure(.warmingUp)
        case let fault?: throw Spoiled(fault: fault)
        case nil: break
        }
        do {
            return .success(try await handler(method, RPCParameters(call["params"])))
        } catch let error as RPCError {
            return .failure(error)
        } catch {
            return .failure(RPCError(code: -1, message: String(describing: error)))
        }
    }
}
