import Bitcoin
import Foundation
import HTTP
import Hashing
import JSON
import Testing

/// The JSON-RPC client against answers of every kind.
@Suite(.timeLimit(.minutes(1)))
struct NodeClientTests {
    static let hash = "0f9188f13cb7b2c71f2a335e3a4fc328bf5beb436012afca590b1a11466e2206"

    @Test func callsAreWellFormed() async throws {
        let node = try FakeNode(answer: #"{"result":{"a":[1]},"error":null,"id":ID}"#)
        let client = node.client()
        #expect(try await client.call("one", [1, "x", .null]) == ["a": [1]])
        #expect(try await client.call("two", ["named": true]) == ["a": [1]])
        #expect(try await node.client(version: .two).call("three") == ["a": [1]])
        let seen = node.seen
        #expect(seen.map { $0["method"]?.string } == ["one", "two", "three"])
        #expect(seen.map { $0["jsonrpc"]?.string } == ["1.0", "1.0", "2.0"])
        #expect(seen.map { $0["params"] } == [[1, "x", .null], ["named": true], []])
        #expect(seen[0]["id"] != seen[1]["id"])
        await node.server.stop()
    }

    static let failures: [(status: Int, body: String, error: NodeError)] = [
        (401, "", .unauthorized),
        (403, "", .forbidden),
        (503, "Work queue depth exceeded", .busy),
        (500, #"{"result":null,"error":{"code":-28,"message":"Loading block index…"},"id":ID}"#, .warmingUp("Loading block index…")),
        (500, #"{"result":null,"error":{"code":-10,"message":"is in initial sync"},"id":ID}"#, .initialDownload("is in initial sync")),
        (500, #"{"result":null,"error":{"code":-9,"message":"is not connected!"},"id":ID}"#, .notConnected("is not connected!")),
        (404, #"{"result":null,"error":{"code":-32601,"message":"Method not found"},"id":ID}"#, .rpc(code: -32601, "Method not found")),
        (200, #"{"jsonrpc":"2.0","error":{"code":-8,"message":"no"},"id":ID}"#, .rpc(code: -8, "no")),
        (200, #"{"error":"plain words","id":ID}"#, .rpc(code: 0, "plain words")),
        (404, "<html>not here</html>", .malformed("HTTP status 404")),
        (200, "<html>", .malformed("JSON, line 1 column 1 (byte 0): this byte cannot stand here")),
        (200, "", .malformed("JSON, line 1 column 1 (byte 0): the text ends too early")),
        (200, #"{"id":ID}"#, .malformed("HTTP status 200 without result")),
        (200, #"{"result":1,"error":null,"id":-5}"#, .malformed("the answer to another request")),
        (200, #"{"result":1,"error":null}"#, .malformed("the answer to another request")),
        (200, "[]", .malformed("HTTP status 200 without result")),
    ]

    @Test(arguments: failures)
    func failuresHaveTheirNames(status: Int, body: String, error: NodeError) async throws {
        let node = try FakeNode(status: status, answer: body)
        await #expect(throws: error) { try await node.client().call("any") }
        await node.server.stop()
    }

    @Test func deadNodesAreUnreachable() async throws {
        let node = try FakeNode(answer: "")
        let client = node.client()
        await node.server.stop()
        let error = await #expect(throws: NodeError.self) { try await client.call("any") }
        #expect(error?.label == "unreachable")
    }

    @Test func silentNodesTimeOut() async throws {
        let node = try FakeNode { _, _, _ in
            try? await Task.sleep(for: .seconds(30))
            return HTTPResponse()
        }
        await #expect(throws: NodeError.timedOut(sent: true)) { try await node.client().call("any", timeout: .seconds(1)) }
        await node.server.stop()
    }

    @Test func everyErrorHasItsWords() {
        let errors: [NodeError] = [
            .unreachable("a"), .timedOut(sent: true), .broken("a", sent: true), .unauthorized, .forbidden, .cookieUnreadable(path: "a", "b"), .busy,
            .warmingUp("a"), .initialDownload("a"), .notConnected("a"), .rpc(code: 1, "a"), .malformed("a"), .cancelled,
        ]
        #expect(Set(errors.map(\.label)).count == errors.count)
        #expect(Set(errors.map(\.text)).count == errors.count)
        #expect(errors.allSatisfy { !$0.remedy.isEmpty })
    }
}

// MARK: - Credentials

extension NodeClientTests {
    static func authorization(_ user: String, _ password: String) -> String {
        "Basic " + Data("\(user):\(password)".utf8).base64EncodedString()
    }

    @Test func passwordsAreSent() async throws {
        let node = try FakeNode { request, call, _ in .result("\"\(request.headers["Authorization"] ?? "-")\"", of: call) }
        #expect(try await node.client(.password(HTTPCredentials(user: "u", password: "p:q"))).call("any").string == Self.authorization("u", "p:q"))
        #expect(try await node.client().call("any").string == "-")
        await node.server.stop()
    }

    @Test func cookiesAreReadAgainWhenTheyChange() async throws {
        try await withTemporaryFolder { folder in
            let path = folder + "/.cookie"
            let node = try FakeNode { request, call, _ in .result("\"\(request.headers["Authorization"] ?? "-")\"", of: call) }
            let client = node.client(.cookieFile(path))
            let error = await #expect(throws: NodeError.self) { try await client.call("any") }
            #expect(error?.label == "cookie-unreadable")
            for password in ["first", "other", "a longer one"] {
                // As bitcoind does it: another file takes the name.
                try "__cookie__:\(password)\n".write(toFile: path, atomically: true, encoding: .utf8)
                #expect(try await client.call("any").string == Self.authorization("__cookie__", password))
            }
            try "no colon".write(toFile: path, atomically: true, encoding: .utf8)
            await #expect(throws: NodeError.cookieUnreadable(path: path, "it holds no user:password")) { try await client.call("any") }
            await node.server.stop()
        }
    }

    /// The node restarts between the look at the file and the request.
    @Test func aRefusedCookieIsReadAgainOnce() async throws {
        try await withTemporaryFolder { folder in
            let path = folder + "/.cookie"
            try "__cookie__:old".write(toFile: path, atomically: true, encoding: .utf8)
            let node = try FakeNode { request, call, number in
                guard request.headers["Authorization"] != NodeClientTests.authorization("__cookie__", "new") else { return .result("7", of: call) }
                if number == 0 { try? "__cookie__:new".write(toFile: path, atomically: true, encoding: .utf8) }
                return HTTPResponse(status: 401, text: "")
            }
            let client = node.client(.cookieFile(path))
            #expect(try await client.call("any") == 7)
            #expect(node.seen.count == 2)
            try "__cookie__:wrong".write(toFile: path, atomically: true, encoding: .utf8)
            await #expect(throws: NodeError.unauthorized) { try await client.call("any") }
            #expect(node.seen.count == 3)
            await node.server.stop()
        }
    }
}
