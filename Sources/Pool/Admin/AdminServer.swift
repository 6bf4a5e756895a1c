internal import HTTP

/// The administration's listeners: the Unix socket for `poolctl`, and the page, API and metrics over TCP.
public final class AdminServer: Sendable {
    /// Where the socket is; nil where none was asked for.
    public let socketPath: String?
    /// Where HTTP is served, with the port the system chose; nil where it is not.
    public let address: ListenAddress?
    private let servers: [HTTPServer]
    /// Who may ask what over TCP.
    private let gate: AdminGate

    /// Why the administration cannot listen.
    public struct Failure: Error, Sendable, CustomStringConvertible {
        /// Names the configuration's key, what is wrong and what to do.
        public var description: String
    }

    /// Owner and group may steer the pool.
    public static let socketMode: UInt32 = 0o660

    /// Listens from here on.
    ///
    /// - Parameters:
    ///   - token: what changes over TCP must carry; without it there are none.
    ///   - isPublic: whether reading over TCP needs no token.
    public init(
        source: any AdminSource,
        socketPath: String?,
        listen: ListenAddress?,
        token: Secret?,
        isPublic: Bool
    ) throws(Failure) {
        var servers: [HTTPServer] = []
        // One for both listeners, so that the pool is asked once.
        let events = EventHub(source: source)
        if let socketPath {
            let gate = AdminGate(AdminAccess(isTrusted: true, isPublic: true))
            let router = AdminRouter(source: source, access: gate, events: events)
            let place = HTTPServer.Address.unix(path: socketPath, mode: Self.socketMode)
            servers.append(try Self.listen(place, key: "admin.socket", router))
        }
        gate = AdminGate(AdminAccess(isTrusted: false, isPublic: isPublic, token: token))
        var address: ListenAddress?
        if let listen {
            let router = AdminRouter(source: source, access: gate, events: events)
            let server = try Self.listen(.tcp(host: listen.host, port: listen.port), key: "admin.listen", router)
            address = ListenAddress(host: listen.host, port: server.boundPort ?? listen.port)
            servers.append(server)
        }
        self.socketPath = socketPath
        self.address = address
        self.servers = servers
    }

    /// Lets others in over TCP from now on.
    func setAccess(token: Secret?, isPublic: Bool) { gate.set(token: token, isPublic: isPublic) }

    /// Takes no more requests, and returns when those under way are answered.
    public func stop() async {
        for server in servers { await server.stop() }
    }

    private static func listen(_ address: HTTPServer.Address, key: String, _ router: AdminRouter) throws(Failure) -> HTTPServer {
        do {
            return try HTTPServer(listen: address, limits: HTTPServer.Limits(bodyBytes: 64 << 10, connections: 256)) { request in
                await router.answer(request)
            }
        } catch {
            throw Failure(description: "\(key): \(error.text); \(error.remedy)")
        }
    }
}
