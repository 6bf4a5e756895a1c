internal import HTTP
internal import JSON

/// Answers requests of the administration: the dashboard, `/metrics` and `/api/v1`.
struct AdminRouter: Sendable {
    let source: any AdminSource
    let access: AdminGate
    let events: EventHub

    /// - Parameter events: the hub that several routers share; nil makes one for this router.
    init(source: any AdminSource, access: AdminGate, events: EventHub? = nil) {
        self.source = source
        self.access = access
        self.events = events ?? EventHub(source: source)
    }

    init(source: any AdminSource, access: AdminAccess) { self.init(source: source, access: AdminGate(access)) }

    func answer(_ request: HTTPRequest) async -> HTTPResponse {
        guard let route = Self.route(request.path) else { return refusal(404, "not-found", "there is nothing at \(request.path)") }
        let isPost = route.isPost
        guard isPost ? request.method == .post : request.method == .get || request.method == .head else {
            var response = refusal(405, "method-not-allowed", "\(request.path) takes \(isPost ? "POST" : "GET") only")
            response.headers["Allow"] = isPost ? "POST" : "GET, HEAD"
            return response
        }
        switch route.isOpen ? .allowed : access.judge(request.headers, changes: route.isGuarded) {
        case .allowed: break
        case .unauthorized:
            var response = refusal(401, "unauthorized", "this needs the header Authorization: Bearer TOKEN, with the token of admin.tokenFile")
            // A page asks for reading before it has asked its reader for the token.
            if route.isGuarded {
                Log("admin").warning("\(request.path) refused to \(request.remoteAddress ?? "the socket"): the token is missing or wrong")
            }
            response.headers["WWW-Authenticate"] = route.isGuarded ? "Bearer" : "Basic realm=\"Motherlode\""
            return response
        case .impossible:
            return refusal(
                403,
                "forbidden",
                "nothing can be changed over HTTP without admin.tokenFile in the configuration; poolctl works over the Unix socket"
            )
        }
        do {
            return try await answer(route, request)
        } catch {
            return refusal(error.httpStatus, error.label, error.text)
        }
    }

    private func answer(_ route: AdminRoute, _ request: HTTPRequest) async throws(AdminFailure) -> HTTPResponse {
        switch route {
        case .page(let file):
            return secured(HTTPResponse(contentType: file.contentType, bytes: file.bytes))
        case .probe(let isReady):
            return try await probe(isReady: isReady)
        case .description:
            return json(200, OpenAPI.document)
        case .events:
            guard let stream = events.stream() else { throw .unavailable("\(EventHub.mostListeners) pages are open already") }
            return secured(.events(stream))
        case .metrics:
            let text = MetricsText.write(try await source.status(), more: await source.metrics())
            return secured(HTTPResponse(contentType: "text/plain; version=0.0.4; charset=utf-8", bytes: Array(text.utf8)))
        case .read(let read), .inspect(let read):
            return json(200, try await read(source, request))
        case .change(let parse):
            let body = try body(of: request)
            let connections = try await source.perform(try parse(body))
            note(request, body)
            return json(200, ["connections": JSONValue(connections)])
        case .act(let act), .signed(let act):
            let body = try body(of: request)
            let answer = try await act(source, body)
            note(request, body)
            return json(200, answer)
        }
    }

    /// What was changed, and how, is for those who ask later.
    private func note(_ request: HTTPRequest, _ body: JSONValue) {
        Log("admin").info("\(request.path) done: \(body.text().prefix(Self.notedLength))")
    }

    private static let notedLength = 400

    /// `/healthz` answers while the process does; `/readyz` only while miners would get work and their shares are stored.
    private func probe(isReady: Bool) async throws(AdminFailure) -> HTTPResponse {
        guard isReady else { return secured(HTTPResponse(text: "alive\n")) }
        let status = try await source.status()
        var missing: [String] = []
        if status.nodes.isEmpty {
            // A gateway alone has no node of the parent chain: its clients bring templates of their own, the auxiliary chains the work.
            if !status.auxiliaries.contains(where: \.isWorking) { missing.append("no auxiliary chain gives work") }
        } else if !status.nodes.contains(where: \.active) {
            missing.append("no node gives work")
        }
        if let failure = status.ledger.failure { missing.append(failure) }
        if status.isDraining { missing.append("miners are moved away") }
        return secured(
            HTTPResponse(status: missing.isEmpty ? 200 : 503, text: (missing.isEmpty ? ["ready"] : missing).joined(separator: "\n") + "\n")
        )
    }

    private func body(of request: HTTPRequest) throws(AdminFailure) -> JSONValue {
        if request.body.isEmpty { return [:] }
        let body: JSONValue
        do {
            body = try JSONValue(parsing: request.body, limits: JSONLimits(bytes: 64 << 10, depth: 8))
        } catch {
            throw .unusable(error.text)
        }
        guard body.object != nil else { throw .unusable("the body must be a JSON object, and is \(body.kind)") }
        return body
    }

    // MARK: Routes

    static func route(_ path: String) -> AdminRoute? {
        switch path {
        case "/metrics": .metrics
        case "/healthz": .probe(isReady: false)
        case "/readyz": .probe(isReady: true)
        case OpenAPI.path: .description
        case "/api/v1/events": .events
        case "/api/v1/status": .read { source, _ throws(AdminFailure) in try await source.status().json }
        case "/api/v1/miners": .read { source, _ throws(AdminFailure) in .array(try await source.miners().map(\.json)) }
        case "/api/v1/workers":
            .read { source, request throws(AdminFailure) in
                .array(try await source.workers(account: request.parameter("account")).map(\.json))
            }
        case "/api/v1/blocks":
            .read { source, request throws(AdminFailure) in
                .array(try await source.blocks(account: request.parameter("account"), limit: try limit(request)).map(\.json))
            }
        case "/api/v1/aux": .read { source, _ throws(AdminFailure) in .array(try await source.auxiliaries().map(\.json)) }
        case "/api/v1/aux/blocks":
            .read { source, request throws(AdminFailure) in
                .array(try await source.auxiliaryBlocks(account: request.parameter("account"), limit: try limit(request)).map(\.json))
            }
        case "/api/v1/aux/forks":
            .read { source, _ throws(AdminFailure) in
                guard let forks = try await source.auxiliaryForks() else {
                    throw .notFound("no RSK chain is watched: that needs an auxiliary chain of kind rsk and a node of the parent chain")
                }
                return forks.json
            }
        case "/api/v1/kick": .change { body throws(AdminFailure) in .kick(try selection(body)) }
        case "/api/v1/difficulty":
            .change { body throws(AdminFailure) in
                guard let difficulty = try body.optionalNumber("difficulty"), difficulty > 0, difficulty.isFinite else {
                    throw .unusable("difficulty must be a number above 0")
                }
                return .difficulty(try selection(body), difficulty)
            }
        case "/api/v1/message":
            .change { body throws(AdminFailure) in
                guard let text = try body.optionalText("text"), (1...500).contains(text.utf8.count) else {
                    throw .unusable("text must have 1 to 500 bytes")
                }
                return .message(try selection(body), text)
            }
        case "/api/v1/log":
            .act { _, body throws(AdminFailure) in
                guard let name = try body.optionalText("level"), let level = Log.Level(rawValue: name) else {
                    throw .unusable("level must be \(Log.Level.names)")
                }
                Log.level = level
                return ["level": .string(level.rawValue)]
            }
        case "/api/v1/drain":
            .change { body throws(AdminFailure) in
                let seconds = try body.optionalInteger("seconds") ?? 60
                guard (0...3_600).contains(seconds) else { throw .unusable("seconds must be from 0 to 3600") }
                return .drain(seconds: try body.optionalFlag("cancel") == true ? nil : Int(seconds))
            }
        case "/api/v1/stop": .change { _ in .stop }
        default:
            booksRoute(path) ?? payoutsRoute(path) ?? bansRoute(path) ?? reloadRoute(path) ?? upgradeRoute(path)
                ?? DashboardFiles.file(path).map(AdminRoute.page)
        }
    }

    /// The longest list of blocks that one request gets.
    static let mostBlocks = 10_000

    static func limit(_ request: HTTPRequest) throws(AdminFailure) -> Int {
        guard let text = request.parameter("limit") else { return mostBlocks }
        guard let limit = Int(text), (1...mostBlocks).contains(limit) else {
            throw .unusable("limit: \(JSON5Text.quote(text)) is not allowed; allowed is a whole number from 1 to \(mostBlocks)")
        }
        return limit
    }

    private static func selection(_ body: JSONValue) throws(AdminFailure) -> MinerSelection {
        guard let selection = try body.optionalText("miner").flatMap(MinerSelection.init(parsing:)) else {
            throw .unusable("miner must be the number of a connection, ACCOUNT or ACCOUNT.WORKER, as text")
        }
        return selection
    }

    // MARK: Responses

    private func json(_ status: Int, _ value: JSONValue) -> HTTPResponse {
        secured(HTTPResponse(status: status, contentType: "application/json", bytes: value.serialized()))
    }

    private func refusal(_ status: Int, _ label: String, _ text: String) -> HTTPResponse {
        json(status, ["error": ["code": .string(label), "message": .string(text)]])
    }

    /// Every figure is of this moment, and the page runs no script but its own.
    private func secured(_ response: HTTPResponse) -> HTTPResponse {
        var response = response
        response.headers["Cache-Control"] = "no-store"
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.headers["Referrer-Policy"] = "no-referrer"
        response.headers["Content-Security-Policy"] = "default-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
        return response
    }
}
