import Bitcoin
public import HTTP
import Hashing
import JSON
import Synchronization

/// Merged mining for other pools' software: to it, this is an rskj node and one AuxPoW chain.
///
/// rskj's four `mnr_*` methods take and give what rskj does; `createauxblock` and `submitauxblock` stand for all configured AuxPoW chains
/// at once. What is submitted is judged here before it is relayed to the node that issued the work.
public actor Gateway {
    /// Someone who may use the gateway; the name is the account that is credited.
    public typealias User = HTTPCredentials

    /// Takes a solution on its way: journals it, sends it, stores what becomes of it. The name is the user's; nil without users.
    public typealias Relay = @Sendable (AuxiliarySolution, _ user: String?) async -> AuxiliaryReport

    static let largestBatch = 50
    /// rskj's own limit: a block in hex may be that long.
    public static let bodyLimit = 5 << 20

    let set: AuxiliarySet
    /// With the digest of the header that each sends.
    private let users: [(name: String, authorization: [UInt8])]
    private let relay: Relay
    /// A client is not held longer than this; its solution goes on all the same.
    let patience: Duration
    var offers = AuxPowOffers()
    /// The parent and the fees that each user was last told to change over for.
    var notified: [String: (parent: [UInt8], fees: String)] = [:]

    /// - Parameters:
    ///   - users: empty lets everybody in; only for a loopback address.
    ///   - relay: nil sends straight to the set's nodes.
    public init(_ set: AuxiliarySet, users: [User] = [], patience: Duration = .seconds(20), relay: Relay? = nil) {
        self.set = set
        self.users = users.map { ($0.user, SHA256.hash(Array($0.basicAuthorization.utf8))) }
        self.patience = patience
        self.relay = relay ?? { solution, _ in await set.relay(solution) }
    }

    /// Listens from here on.
    /// - Parameter taken: a socket that listens there already, which another process has given up.
    public nonisolated func listen(_ address: HTTPServer.Address, taking taken: Int32? = nil) throws(HTTPServerError) -> HTTPServer {
        let limits = HTTPServer.Limits(bodyBytes: Self.bodyLimit)
        return try HTTPServer(listen: address, taking: taken, limits: limits, admission: refusal) { await self.answer($0) }
    }

    /// Answers one HTTP request.
    public func answer(_ request: HTTPRequest) async -> HTTPResponse {
        guard request.method == .post else { return HTTPResponse(status: 405, headers: ["Allow": "POST"], body: .bytes([])) }
        guard let user = user(of: request) else { return Self.unauthorized }
        guard let body = try? JSONValue(parsing: request.body, limits: JSONLimits(bytes: Self.bodyLimit, depth: 16)) else {
            return Self.response(["result": .null, "error": RPCError.parse.json, "id": .null], status: 500)
        }
        guard case .array(let calls) = body else {
            let (answer, status) = await self.answer(body, user)
            return Self.response(answer, status: status)
        }
        guard !calls.isEmpty, calls.count <= Self.largestBatch else {
            let error = calls.isEmpty ? RPCError.invalidRequest("an empty batch") : .batchTooLarge
            return Self.response(["result": .null, "error": error.json, "id": .null], status: 400)
        }
        var answers: [JSONValue] = []
        for call in calls { answers.append(await answer(call, user).0) }
        return Self.response(.array(answers), status: 200)
    }

    private static func response(_ value: JSONValue, status: Int) -> HTTPResponse {
        HTTPResponse(status: status, contentType: "application/json", bytes: value.serialized() + [0x0a])
    }

    /// Whoever is no user learns so before a block of theirs takes memory here.
    private nonisolated func refusal(_ request: HTTPRequest) -> HTTPResponse? { user(of: request) == nil ? Self.unauthorized : nil }

    private static let unauthorized = HTTPResponse(status: 401, headers: ["WWW-Authenticate": "Basic realm=\"jsonrpc\""])

    /// The user's name, empty where there are no users; nil for someone who may not come in.
    ///
    /// Digests are compared, every byte of them and with every user, so that the time tells nothing about a guess.
    private nonisolated func user(of request: HTTPRequest) -> String? {
        if users.isEmpty { return "" }
        let given = SHA256.hash(Array((request.headers["Authorization"] ?? "").utf8))
        var name: String?
        for user in users {
            var difference: UInt8 = 0
            for (left, right) in zip(user.authorization, given) { difference |= left ^ right }
            if difference == 0 { name = user.name }
        }
        return name
    }

    private func answer(_ value: JSONValue, _ user: String) async -> (JSONValue, Int) {
        let call: GatewayCall
        do {
            call = try GatewayCall(value)
        } catch {
            return (["result": .null, "error": error.json, "id": value["id"] ?? .null], error.status)
        }
        do throws(RPCError) {
            let (result, extra) = try await perform(call, user)
            return (call.reply(.success(result), extra: extra), 200)
        } catch {
            return (call.reply(.failure(error)), call.status(error))
        }
    }

    private func perform(_ call: GatewayCall, _ user: String) async throws(RPCError) -> (JSONValue, JSONObject) {
        switch call.method {
        case "mnr_getWork": return (try await getWork(call.parameters, user), [:])
        case "createauxblock": return (try await createBlock(call.parameters), [:])
        case "submitauxblock": return try await submitBlock(call.parameters, user)
        // Namecoin's method for both, which older pools call.
        case "getauxblock":
            return call.parameters.isEmpty ? (try await createBlock([]), [:]) : try await submitBlock(call.parameters, user)
        default:
            guard let method = RSKSubmitMethod(rawValue: call.method) else { throw .methodNotFound }
            return (try await submitRSK(method, call.parameters, user), [:])
        }
    }

    /// Relays a solution and waits for the answer as long as a client may be held.
    func send(_ solution: AuxiliarySolution, _ user: String) async -> AuxiliaryReport {
        let relay = relay
        let finder = user.isEmpty ? nil : user
        let patience = patience
        let first = FirstAnswer()
        return await withCheckedContinuation { continuation in
            first.wait(continuation)
            let timer = Task {
                try? await Task.sleep(for: patience)
                first.give(AuxiliaryReport(outcome: .undecided("no definite answer yet")))
            }
            Task {
                first.give(await relay(solution, finder))
                timer.cancel()
            }
        }
    }
}

/// Resumes one continuation with whichever answer comes first.
private final class FirstAnswer: Sendable {
    private let waiting = Mutex<CheckedContinuation<AuxiliaryReport, Never>?>(nil)

    func wait(_ continuation: CheckedContinuation<AuxiliaryReport, Never>) {
        waiting.withLock { $0 = continuation }
    }

    func give(_ report: AuxiliaryReport) {
        let continuation = waiting.withLock { waiting in
            defer { waiting = nil }
            return waiting
        }
        continuation?.resume(returning: report)
    }
}
