import HTTP
import JSON
import Synchronization
import Testing

@testable import Pool

/// Who may ask the ledger what, over TCP.
@Suite("The ledger's routes")
struct BooksRouteTests {
    private static let token = Secret("0123456789abcdef0123456789abcdef")
    private let source = FakeSource()

    private func answer(
        _ method: HTTPMethod,
        _ path: String,
        query: [(name: String, value: String)] = [],
        _ body: String = "",
        hasToken: Bool = false
    ) async throws -> (status: Int, value: JSONValue) {
        let router = AdminRouter(source: source, access: AdminAccess(isTrusted: false, isPublic: true, token: Self.token))
        var request = HTTPRequest(method: method, path: "/api/v1/" + path, query: query, body: Array(body.utf8))
        if hasToken { request.headers["Authorization"] = "Bearer " + Self.token.revealed }
        let response = await router.answer(request)
        guard case .bytes(let bytes) = response.body else { return (response.status, .null) }
        return (response.status, try JSONValue(parsing: bytes))
    }

    @Test(arguments: ["rounds", "balances", "accounts", "shares"])
    func readingIsOpen(path: String) async throws {
        let answer = try await answer(.get, path)
        #expect(answer.status == 200)
        #expect(answer.value.array?.isEmpty == false)
    }

    @Test(arguments: ["accounts/set", "audit/ledger", "backup", "log"])
    func changingNeedsTheToken(path: String) async throws {
        #expect(try await answer(.post, path, "{}").status == 401)
        #expect(try await answer(.get, path).status == 405)
        #expect(source.ledger.state.withLock { $0.settings }.isEmpty)
    }

    @Test func whatAnAuditFoundIsNotForEverybody() async throws {
        let begun = try await answer(.post, "audit/ledger", "{}", hasToken: true)
        let id = "\(try #require(begun.value["id"]?.integer))"
        #expect(try await answer(.get, "work", query: [("id", id)]).status == 401)
        var work = try await answer(.get, "work", query: [("id", id)], hasToken: true)
        while work.value["state"] == "running" { work = try await answer(.get, "work", query: [("id", id)], hasToken: true) }
        #expect(work.value["state"] == "done")
        #expect(work.value["result"]?["rounds"] == 3)
        #expect(try await answer(.get, "work", query: [("id", "999")], hasToken: true).status == 404)
    }

    @Test(
        arguments: [
            ("shares", [("since", "x")]), ("shares", [("span", "61")]), ("shares", [("limit", "0")]),
            ("shares", [("account", "a"), ("worker", "a")]), ("rounds", [("limit", "-1")]),
            ("audit/round", [("round", "1")]), ("audit/round", [("account", "a")]),
        ] as [(String, [(name: String, value: String)])]
    )
    func unusableQueries(path: String, query: [(name: String, value: String)]) async throws {
        #expect(try await answer(.get, path, query: query).status == 400)
    }

    @Test func anAccountsWorkersAreAddedUpOrShownOneByOne() async throws {
        _ = try await answer(.get, "shares", query: [("account", "alice")])
        _ = try await answer(.get, "shares", query: [("worker", "alice")])
        let queries = source.ledger.state.withLock { $0.queries }
        #expect(queries.map(\.account) == ["alice", nil])
        #expect(queries.map(\.worker) == [nil, "alice"])
    }

    @Test(arguments: [
        "{}", #"{"account":"a"}"#, #"{"account":"a","chain":"bitcoin"}"#, #"{"account":"a","chain":"bitcoin","fee":1.5}"#,
        #"{"account":"a","chain":"bitcoin","fee":"0"}"#, #"{"account":"","chain":"bitcoin","fee":0}"#,
        #"{"account":"a","chain":"bitcoin","address":5,"fee":0}"#,
    ])
    func unusableSettings(body: String) async throws {
        #expect(try await answer(.post, "accounts/set", body, hasToken: true).status == 400)
        #expect(source.ledger.state.withLock { $0.settings }.isEmpty)
    }

    @Test(arguments: ["{}", #"{"path":"relative"}"#, #"{"path":""}"#])
    func aBackupNeedsAnAbsolutePath(body: String) async throws {
        #expect(try await answer(.post, "backup", body, hasToken: true).status == 400)
    }

    @Test func theLogsLevelIsSet() async throws {
        let before = Log.level
        defer { Log.level = before }
        #expect(try await answer(.post, "log", #"{"level":"error"}"#, hasToken: true).value["level"] == "error")
        #expect(Log.level == .error)
        #expect(try await answer(.post, "log", #"{"level":"loud"}"#, hasToken: true).status == 400)
    }
}
