import Glibc
import HTTP
import JSON
import Synchronization
import Testing

@testable import Pool

/// The administration over real sockets.
@Suite struct AdminServerTests {
    private static let token = Secret("0123456789abcdef0123456789abcdef")
    private let client = HTTPClient()
    private let source = FakeSource()

    private func server(isPublic: Bool = true, token: Secret? = AdminServerTests.token) throws -> AdminServer {
        try AdminServer(
            source: source,
            socketPath: nil,
            listen: ListenAddress(host: "127.0.0.1", port: 0),
            token: token,
            isPublic: isPublic
        )
    }

    private func send(
        _ server: AdminServer,
        _ path: String,
        _ method: HTTPMethod = .get,
        _ body: String = "",
        token: String? = nil
    ) async throws -> HTTPClientResponse {
        let address = try #require(server.address)
        var request = HTTPClientRequest(url: "http://\(address)\(path)", method: method, body: Array(body.utf8))
        if let token { request.headers["Authorization"] = token }
        return try await client.perform(request)
    }

    @Test func statusHasItsStableNames() async throws {
        let server = try server()
        let response = try await send(server, "/api/v1/status")
        #expect(response.status == 200)
        #expect(response.headers["Content-Type"] == "application/json")
        let status = try JSONValue(parsing: response.body)
        let names: [String] = [
            "version", "uptime", "chain", "height", "connections", "workers", "hashrate", "accepted", "rejected", "blocks", "networkDifficulty",
            "expectedSeconds", "effort", "ledger", "engine", "nodes", "auxiliaries",
        ]
        for name in names { #expect(status[name] != nil, "\(name)") }
        for span in ["1m", "5m", "1h", "1d"] { #expect(status["hashrate"]?[span]?.double != nil, "\(span)") }
        #expect(status["accepted"]?.integer == 12_345)
        #expect(status["rejected"] == ["stale": 2, "duplicate": 1])
        #expect(status["ledger"]?["durability"] == "full")
        #expect(status["ledger"]?["pending"] == 0)
        #expect(status["nodes"]?[0]?["url"] == "http://127.0.0.1:18443")
        await server.stop()
    }

    @Test(arguments: [
        ("miners", ["connection", "address", "agent", "account", "worker", "difficulty", "since", "lastShare"]),
        ("workers", ["account", "worker", "accepted", "acceptedDifficulty", "rejected", "difficulty", "lastShare", "hashrate"]),
        ("blocks", ["height", "hash", "worker", "time", "state", "reward"]),
    ])
    func rowsHaveTheirStableNames(path: String, names: [String]) async throws {
        let server = try server()
        let rows = try JSONValue(parsing: try await send(server, "/api/v1/\(path)").body)
        #expect(rows.array?.count == 2)
        for name in names { #expect(rows[0]?[name] != nil, "\(name)") }
        await server.stop()
    }

    @Test func filtersAndLimits() async throws {
        let server = try server()
        let workers = try JSONValue(parsing: try await send(server, "/api/v1/workers?account=bob").body)
        #expect(workers.array?.map { $0["account"]?.string } == ["bob"])
        let blocks = try JSONValue(parsing: try await send(server, "/api/v1/blocks?limit=1").body)
        #expect(blocks.array?.count == 1)
        for limit in ["0", "10001", "x", ""] { #expect(try await send(server, "/api/v1/blocks?limit=\(limit)").status == 400) }
        await server.stop()
    }

    @Test(arguments: [
        ("/nothing", HTTPMethod.get, 404), ("/api/v1/", .get, 404), ("/api/v2/status", .get, 404), ("/api/v1/status", .post, 405),
        ("/api/v1/stop", .get, 405), ("/", .delete, 405),
    ])
    func refusesOtherRequests(path: String, method: HTTPMethod, status: Int) async throws {
        let server = try server()
        let response = try await send(server, path, method, method == .post ? "{}" : "")
        #expect(response.status == status)
        #expect(try JSONValue(parsing: response.body)["error"]?["message"]?.string?.isEmpty == false)
        await server.stop()
    }

    @Test(arguments: ["/", "/account/alice", "/dashboard/main.js", "/dashboard/style.css", "/metrics", "/api/v1/status", "/api/v1/miners"])
    func readingIsOpenOnlyWherePublic(path: String) async throws {
        let open = try server()
        #expect(try await send(open, path).status == 200)
        await open.stop()
        let closed = try server(isPublic: false)
        #expect(try await send(closed, path).status == 401)
        #expect(try await send(closed, path, token: "Bearer " + Self.token.revealed).status == 200)
        await closed.stop()
    }

    @Test func accessChangesWhileItListens() async throws {
        let server = try server()
        let (old, new) = ("Bearer " + Self.token.revealed, "Bearer fedcba9876543210")
        #expect(try await send(server, "/api/v1/stop", .post, "{}", token: old).status == 200)
        server.setAccess(token: Secret("fedcba9876543210"), isPublic: false)
        #expect(try await send(server, "/api/v1/stop", .post, "{}", token: old).status == 401)
        #expect(try await send(server, "/api/v1/stop", .post, "{}", token: new).status == 200)
        #expect(try await send(server, "/api/v1/status").status == 401)
        server.setAccess(token: nil, isPublic: true)
        #expect(try await send(server, "/api/v1/stop", .post, "{}", token: new).status == 403)
        #expect(try await send(server, "/api/v1/status").status == 200)
        await server.stop()
    }

    @Test func reloadIsOnlyForPoolsWithAFile() async throws {
        let server = try server()
        let response = try await send(server, "/api/v1/reload", .post, "{}", token: "Bearer " + Self.token.revealed)
        #expect(response.status == 503)
        await server.stop()
    }

    @Test(arguments: [
        nil, "", "Bearer ", "Bearer 0123456789abcdef0123456789abcdeg", "Bearer 0123456789abcdef", "bearer 0123456789abcdef0123456789abcdef",
        "Basic 0123456789abcdef0123456789abcdef", "0123456789abcdef0123456789abcdef",
    ])
    func changingNeedsTheToken(header: String?) async throws {
        let server = try server()
        #expect(try await send(server, "/api/v1/stop", .post, "{}", token: header).status == 401)
        #expect(source.state.withLock { $0.actions }.isEmpty)
        #expect(try await send(server, "/api/v1/stop", .post, "{}", token: "Bearer " + Self.token.revealed).status == 200)
        #expect(source.state.withLock { $0.actions } == [.stop])
        await server.stop()
    }

    /// Where reading is closed, a browser asks the person in front of it; what it was told must not change anything.
    @Test func aBrowserReadsWithTheTokenButChangesNothing() async throws {
        let server = try server(isPublic: false)
        let asked = try await send(server, "/")
        #expect(asked.status == 401 && asked.headers["WWW-Authenticate"] == "Basic realm=\"Motherlode\"")
        let known = HTTPCredentials(user: "motherlode", password: Self.token.revealed).basicAuthorization
        for path in ["/", "/dashboard/main.js", "/api/v1/status", "/metrics"] {
            #expect(try await send(server, path, token: known).status == 200, "\(path)")
        }
        for guess in [("motherlode", "0123456789abcdef"), ("motherlode", ""), ("root", Self.token.revealed)] {
            let header = HTTPCredentials(user: guess.0, password: guess.1).basicAuthorization
            #expect(try await send(server, "/", token: header).status == 401)
        }
        #expect(try await send(server, "/api/v1/stop", .post, "{}", token: known).status == 401)
        #expect(source.state.withLock { $0.actions }.isEmpty)
        await server.stop()
    }

    @Test func withoutATokenNothingCanBeChanged() async throws {
        let server = try server(token: nil)
        #expect(try await send(server, "/api/v1/stop", .post, "{}", token: "Bearer ").status == 403)
        #expect(source.state.withLock { $0.actions }.isEmpty)
        await server.stop()
    }

    @Test(arguments: [
        ("kick", #"{"miner":"17"}"#, AdminAction.kick(.connection(17))),
        ("kick", #"{"miner":"alice"}"#, .kick(.account("alice"))),
        ("kick", #"{"miner":"alice.axe.1"}"#, .kick(.worker(account: "alice", worker: "axe.1"))),
        ("difficulty", #"{"miner":"17","difficulty":0.5}"#, .difficulty(.connection(17), 0.5)),
        ("message", #"{"miner":"17","text":"hello"}"#, .message(.connection(17), "hello")),
        ("stop", "", .stop),
    ])
    func changes(path: String, body: String, action: AdminAction) async throws {
        let server = try server()
        let response = try await send(server, "/api/v1/\(path)", .post, body, token: "Bearer " + Self.token.revealed)
        #expect(response.status == 200)
        #expect(try JSONValue(parsing: response.body) == ["connections": 2])
        #expect(source.state.withLock { $0.actions } == [action])
        await server.stop()
    }

    @Test(arguments: [
        ("kick", "{}"), ("kick", "[]"), ("kick", "{"), ("kick", #"{"miner":17}"#), ("kick", #"{"miner":""}"#),
        ("kick", #"{"miner":"99999999999999999999"}"#),
        ("difficulty", #"{"miner":"17"}"#), ("difficulty", #"{"miner":"17","difficulty":0}"#), ("difficulty", #"{"miner":"17","difficulty":-1}"#),
        ("message", #"{"miner":"17"}"#), ("message", #"{"miner":"17","text":""}"#),
    ])
    func refusesUnusableChanges(path: String, body: String) async throws {
        let server = try server()
        let response = try await send(server, "/api/v1/\(path)", .post, body, token: "Bearer " + Self.token.revealed)
        #expect(response.status == 400)
        #expect(source.state.withLock { $0.actions }.isEmpty)
        await server.stop()
    }

    @Test(arguments: [(AdminFailure.notFound("no such connection"), 404), (.unavailable("the store fails"), 503), (.unusable("no"), 400)])
    func failuresOfThePoolAreTold(failure: AdminFailure, status: Int) async throws {
        source.state.withLock { $0.failure = failure }
        let server = try server()
        let response = try await send(server, "/api/v1/status")
        #expect(response.status == status)
        #expect(try JSONValue(parsing: response.body)["error"] == ["code": .string(failure.label), "message": .string(failure.text)])
        await server.stop()
    }

    @Test func aHugeBodyIsRefused() async throws {
        let server = try server()
        let body = String(repeating: " ", count: 100_000)
        #expect(try await send(server, "/api/v1/stop", .post, body, token: "Bearer " + Self.token.revealed).status == 413)
        await server.stop()
    }

    @Test func theSocketIsTrusted() async throws {
        let folder = try TemporaryFolder()
        let path = folder.path + "/poold.sock"
        let server = try AdminServer(source: source, socketPath: path, listen: nil, token: nil, isPublic: false)
        var status = stat()
        #expect(stat(path, &status) == 0 && status.st_mode & 0o777 == 0o660)
        let request = HTTPClientRequest(url: "http://localhost/api/v1/stop", method: .post, unixSocketPath: path)
        #expect(try await client.perform(request).status == 200)
        #expect(source.state.withLock { $0.actions } == [.stop])
        await server.stop()
    }

    @Test func aBusyPortIsNamed() throws {
        let first = try server()
        let error = #expect(throws: AdminServer.Failure.self) {
            try AdminServer(source: source, socketPath: nil, listen: first.address, token: nil, isPublic: true)
        }
        #expect(error?.description.contains("admin.listen") == true)
        #expect(error?.description.contains("in use") == true)
    }

    @Test func thePageLoadsOnlyItsOwn() async throws {
        let server = try server()
        let response = try await send(server, "/")
        #expect(response.headers["Content-Type"] == "text/html; charset=utf-8")
        #expect(response.headers["Content-Security-Policy"]?.contains("default-src 'self'") == true)
        let page = String(decoding: response.body, as: UTF8.self)
        #expect(page.contains("src=\"/dashboard/main.js\""))
        // Files and modules that a file of the page names are there.
        for (name, file) in DashboardFiles.files {
            #expect(try await send(server, DashboardFiles.folder + name).status == 200, "\(name)")
            let text = String(decoding: file.bytes, as: UTF8.self)
            #expect(!text.contains("https://"), "\(name)")
            for match in text.matches(of: /from "\.\/([a-z]+\.js)"/) { #expect(DashboardFiles.files[String(match.1)] != nil, "\(match.1)") }
        }
        for match in page.matches(of: /"\/dashboard\/([a-z.]+)"/) { #expect(DashboardFiles.files[String(match.1)] != nil, "\(match.1)") }
        await server.stop()
    }
}

@Suite struct AdminTokenTests {
    private func write(_ text: String, mode: mode_t = 0o600) throws -> (TemporaryFolder, String) {
        let folder = try TemporaryFolder()
        let path = folder.path + "/token"
        let file = open(path, O_CREAT | O_WRONLY, mode)
        #expect(Glibc.write(file, text, text.utf8.count) == text.utf8.count)
        close(file)
        chmod(path, mode)
        return (folder, path)
    }

    @Test(arguments: ["0123456789abcdef", "0123456789abcdef\n", "0123456789abcdef\r\nmore"])
    func reads(text: String) throws {
        let (folder, path) = try write(text)
        #expect(try AdminToken.read(path).revealed == "0123456789abcdef")
        withExtendedLifetime(folder) {}
    }

    @Test(arguments: ["", "short", "0123456789abcde", "0123456789 abcdef", "0123456789abcdéf"])
    func refuses(text: String) throws {
        let (folder, path) = try write(text)
        let error = #expect(throws: AdminToken.Failure.self) { try AdminToken.read(path) }
        #expect(error?.description.contains(path) == true)
        withExtendedLifetime(folder) {}
    }

    @Test func refusesAFileThatEverybodyReads() throws {
        let (folder, path) = try write("0123456789abcdef", mode: 0o644)
        let error = #expect(throws: AdminToken.Failure.self) { try AdminToken.read(path) }
        #expect(error?.description.contains("chmod 600") == true)
        withExtendedLifetime(folder) {}
    }

    @Test(arguments: [("a", "a", true), ("a", "b", false), ("a", "aa", false), ("", "", true), ("", "a", false)])
    func comparesWhole(left: String, right: String, expected: Bool) { #expect(AdminAccess.areEqual(left, right) == expected) }
}
