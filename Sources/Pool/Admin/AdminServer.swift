internal import HTTP
public import Stratum

/// The administration's listeners: the Unix socket for `poolctl`, and the page, API and metrics over TCP.
public final class AdminServer: Sendable {
    /// Where the socket is; nil where none was asked for.
    public let socketPath: String?
    /// Where HTTP is served, with the port the system chose; nil where it is not.
    public let address: ListenAddress?
    private let servers: [HTTPServer]
    /// Who may ask what over TCP.
    private let gate: AdminGate
    /// As it is configured, which may name port 0.
    private let listen: ListenAddress?

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
    ///   - former: what another process's administration listened on.
    public init(
        source: any AdminSource,
        socketPath: String?,
        listen: ListenAddress?,
        token: Secret?,
        isPublic: Bool,
        former: [FormerSocket] = []
    ) throws(Failure) {
        var servers: [HTTPServer] = []
        // One for both listeners, so that the pool is asked once.
        let events = EventHub(source: source)
        if let socketPath {
            let gate = AdminGate(AdminAccess(isTrusted: true, isPublic: true))
            let router = AdminRouter(source: source, access: gate, events: events)
            let place = HTTPServer.Address.unix(path: socketPath, mode: Self.socketMode)
            servers.append(try Self.listen(place, key: "admin.socket", taking: former.socket(named: socketPath), router))
        }
        gate = AdminGate(AdminAccess(isTrusted: false, isPublic: isPublic, token: token))
        var address: ListenAddress?
        if let listen {
            let router = AdminRouter(source: source, access: gate, events: events)
            let taken = former.socket(named: listen.description)
            let server = try Self.listen(.tcp(host: listen.host, port: listen.port), key: "admin.listen", taking: taken, router)
            address = ListenAddress(host: listen.host, port: server.boundPort ?? listen.port)
            servers.append(server)
        }
        self.socketPath = socketPath
        self.address = address
        self.listen = listen
        self.servers = servers
    }

    /// Lets others in over TCP from now on.
    func setAccess(token: Secret?, isPublic: Bool) { gate.set(token: token, isPublic: isPublic) }

    /// Of its listening sockets.
    var names: [String] { [socketPath, listen?.description].compactMap(\.self) }

    /// Takes no more connections and gives up its listening sockets; requests under way are answered.
    func handOver() -> [FormerSocket] {
        zip(names, servers).compactMap { name, server in
            server.handOver().map { FormerSocket(name: name, socket: $0) }
        }
    }

    /// Takes no more requests, and returns when those under way are answered.
    public func stop() async {
        // Who asked for the end is told so.
        for server in servers { await server.stop(grace: .milliseconds(500)) }
    }

    private static func listen(
        _ address: HTTPServer.Address,
        key: String,
        taking socket: Int32?,
        _ router: AdminRouter
    ) throws(Failure) -> HTTPServer {
        do {
            return try HTTPServer(listen: address, taking: socket, limits: HTTPServer.Limits(bodyBytes: 64 << 10, connections: 256)) { request in
                await router.answer(request)
            }
        } catch {
            throw Failure(description: "\(key): \(error.text); \(error.remedy)")
        }
    }
}
