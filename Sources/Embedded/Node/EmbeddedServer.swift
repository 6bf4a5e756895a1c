public import HTTP

/// A node inside the process, reached like any other: over HTTP on a loopback port.
public protocol EmbeddedServer: Sendable {
    var server: JSONRPCServer { get }
}

extension EmbeddedServer {
    /// Where it answers, known once it has been started.
    public var url: String { server.url }
    public var port: UInt16 { server.port }

    /// Listens; after ``stop()`` on the same port again.
    public func start() async throws(HTTPServerError) { try await server.start() }

    /// Ends the calls under way with HTTP 503 and listens no more; the chain stays.
    public func stop() async { await server.stop() }

    /// How many calls of a method came, spoiled ones included.
    public func calls(of method: String) -> Int { server.calls(of: method) }

    /// Begins a fault, or ends the one there is (nil).
    ///
    /// - Parameter methods: the methods it concerns; nil for all. `refuse` and `drop` always concern all.
    public func setFault(_ fault: NodeFault?, on methods: Set<String>? = nil) async throws(HTTPServerError) {
        try await server.setFault(fault, on: methods)
    }
}
