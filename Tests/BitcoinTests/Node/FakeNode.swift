import Bitcoin
import Foundation
import HTTP
import JSON
import Synchronization

/// An HTTP server that answers like a node, as its script says.
final class FakeNode: Sendable {
    let server: HTTPServer
    private let book: Book

    private final class Book: Sendable {
        let calls = Mutex<[JSONValue]>([])
    }

    /// What was asked so far.
    var seen: [JSONValue] { book.calls.withLock { $0 } }

    /// The script gets a call and its number from 0.
    init(_ script: @escaping @Sendable (HTTPRequest, JSONValue, Int) async -> HTTPResponse) throws {
        let book = Book()
        self.book = book
        server = try HTTPServer(listen: .tcp(host: "127.0.0.1", port: 0), limits: .init(bodyBytes: 16 << 20)) { request in
            let call = (try? JSONValue(parsing: request.body)) ?? .null
            let number = book.calls.withLock { calls in
                calls.append(call)
                return calls.count - 1
            }
            return await script(request, call, number)
        }
    }

    /// Answers every call with one status and body, in which `ID` stands for the call's own id.
    convenience init(status: Int = 200, answer: String) throws {
        try self.init { _, call, _ in
            HTTPResponse(status: status, text: answer.replacing("ID", with: call["id"]?.text() ?? "null"))
        }
    }

    func client(_ credentials: NodeCredentials = .none, version: JSONRPCVersion = .one) -> NodeClient {
        let url = "http://127.0.0.1:\(server.boundPort ?? 0)/"
        return NodeClient(NodeEndpoint(name: "fake", url: url, credentials: credentials, version: version), http: HTTPClient())
    }
}

extension HTTPResponse {
    /// A JSON-RPC result, given as JSON text.
    static func result(_ text: String, of call: JSONValue) -> HTTPResponse {
        HTTPResponse(text: #"{"result":\#(text),"error":null,"id":\#(call["id"]?.text() ?? "null")}"#)
    }
}

/// A folder of its own, removed at the end.
func withTemporaryFolder<Result>(_ body: (String) async throws -> Result) async throws -> Result {
    let folder = NSTemporaryDirectory() + "motherlode-node-\(UUID().uuidString.prefix(8))"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    return try await body(folder)
}
