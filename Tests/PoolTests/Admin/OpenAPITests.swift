import Foundation
import HTTP
import JSON
import Synchronization
import Testing

@testable import Pool

/// The API's description against the API.
@Suite struct OpenAPITests {
    /// Paths that the router's sources name.
    private func routedPaths() throws -> Set<String> {
        let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../../Sources/Pool/Admin").standardizedFileURL
        let files = try FileManager.default.contentsOfDirectory(atPath: folder.path).filter { $0.hasPrefix("AdminRouter") }
        try #require(files.count >= 3)
        var paths: Set<String> = []
        for file in files {
            let text = try String(contentsOf: folder.appending(path: file), encoding: .utf8)
            for match in text.matches(of: /case "\/api\/v1(\/[a-z\/]+)"/) { paths.insert(String(match.1)) }
        }
        return paths
    }

    @Test func everyPathIsDescribedAndNoOther() throws {
        let described = OpenAPI.operations.map(\.path)
        #expect(Set(described).count == described.count)
        #expect(try routedPaths() == Set(described))
        for operation in OpenAPI.operations {
            let route = try #require(AdminRouter.route(OpenAPI.root + operation.path), "\(operation.path)")
            #expect(route.isPost == (operation.method == .post), "\(operation.path)")
        }
    }

    @Test func whatItSpeaksOfIsThere() throws {
        let names = Set(OpenAPI.schemas.map(\.name))
        let text = OpenAPI.document.text()
        for match in text.matches(of: /#\/components\/schemas\/([A-Za-z]+)/) { #expect(names.contains(String(match.1)), "\(match.1)") }
    }

    @Test func itIsServed() async throws {
        let router = AdminRouter(source: FakeSource(), access: AdminAccess(isTrusted: true, isPublic: true))
        let response = await router.answer(HTTPRequest(method: .get, path: OpenAPI.path))
        guard case .bytes(let bytes) = response.body else { throw AdminFailure.unavailable("no bytes") }
        #expect(try JSONValue(parsing: bytes)["openapi"] == "3.1.0")
    }

    @Test(arguments: [
        ("/status", "Status"), ("/miners", "Miner"), ("/workers", "Worker"), ("/blocks", "Block"), ("/aux", "Auxiliary"),
        ("/aux/blocks", "AuxiliaryBlock"), ("/rounds", "Round"), ("/balances", "Balance"), ("/shares", "ShareWindow"),
    ])
    func answersHaveTheDescribedMembers(path: String, name: String) async throws {
        let source = PageSource()
        let router = AdminRouter(source: source, access: AdminAccess(isTrusted: true, isPublic: true))
        let response = await router.answer(HTTPRequest(method: .get, path: OpenAPI.root + path))
        guard case .bytes(let bytes) = response.body else { throw AdminFailure.unavailable("no bytes") }
        let value = try JSONValue(parsing: bytes)
        let first = value[0] ?? value
        let row = try #require(first.object, "\(path) has a row")
        let schema = try #require(OpenAPI.schemas.first { $0.name == name })
        #expect(Set(row.map(\.key)) == Set(schema.fields.map(\.name)))
        for (field, type) in schema.fields {
            let value = try #require(row[field])
            let fits =
                switch type.prefix(while: { $0 != "?" }) {
                case "string": value.string != nil
                case "integer": value.integer != nil
                case "number": value.double != nil
                case "boolean": value.bool != nil
                case "units": value.units != nil
                case let other: other.hasPrefix("[") ? value.array != nil : value.object != nil
                }
            #expect(fits || (value.isNull && type.hasSuffix("?")), "\(field): \(value) is no \(type)")
        }
    }

    @Test func probes() async throws {
        let source = FakeSource()
        let router = AdminRouter(source: source, access: AdminAccess(isTrusted: false, isPublic: false))
        func status(_ path: String) async -> Int { await router.answer(HTTPRequest(method: .get, path: path)).status }
        #expect(await status("/healthz") == 200)
        #expect(await status("/readyz") == 200)
        source.state.withLock { $0.status.nodes[0].active = false }
        #expect(await status("/readyz") == 503)
        source.state.withLock { state in
            state.status.nodes[0].active = true
            state.status.ledger.failure = "the disk is full"
        }
        #expect(await status("/readyz") == 503)
        // Shares are stored all the same.
        source.state.withLock { state in
            state.status.ledger.failure = nil
            state.status.ledger.trouble = "windows wait: the disk is full"
            state.status.blocks = nil
        }
        #expect(await status("/readyz") == 200)
        source.state.withLock { $0.status.isDraining = true }
        #expect(await status("/readyz") == 503)
        source.state.withLock { $0.status.isDraining = false }
        #expect(await status("/readyz") == 200)
        // A gateway alone gets its work from auxiliary chains.
        source.state.withLock { $0.status.nodes = [] }
        #expect(await status("/readyz") == 503)
        for (state, isReady) in [("working", true), ("starved", true), ("down", false)] {
            var chain = AuxiliaryView()
            chain.state = state
            source.state.withLock { $0.status.auxiliaries = [AuxiliaryView(), chain] }
            #expect(await status("/readyz") == (isReady ? 200 : 503), "\(state)")
        }
        source.state.withLock { $0.failure = .unavailable("starting") }
        #expect(await status("/readyz") == 503)
        #expect(await status("/healthz") == 200)
        #expect(await status("/metrics") == 403)
    }
}
