/// An HTTP/1.1 server on one address, over libmicrohttpd with one thread.
///
/// A handler may take as long as it likes: the connection is set aside meanwhile and holds no thread, so a long poll costs its socket alone.
public final class HTTPServer: Sendable {
    public typealias Handler = @Sendable (HTTPRequest) async -> HTTPResponse

    /// Judges a request by its headers, before any of its body is kept: the answer that refuses it, or nil.
    ///
    /// It is called on the server's own thread, which all connections share.
    public typealias Admission = @Sendable (HTTPRequest) -> HTTPResponse?

    /// Where a server listens.
    public enum Address: Sendable, Equatable {
        /// Port 0 takes a free one. `host` is a name or an address, IPv6 without brackets; empty means every interface.
        case tcp(host: String, port: UInt16)
        /// `mode` is the socket file's from its first moment on. A socket left behind by a dead process is removed, anything else is not.
        case unix(path: String, mode: UInt32 = 0o600)
    }

    /// What one server and one client may cost.
    public struct Limits: Sendable {
        /// The longest request body; a longer one is answered 413.
        public var bodyBytes: Int
        /// Memory for one connection's request line and headers; more is answered 431, or 414 for the line.
        public var headerBytes: Int
        public var connections: Int
        /// 0 for no limit.
        public var connectionsPerAddress: Int
        /// How long a connection may be silent, in a request or between two. Does not run while a handler works.
        public var idle: Duration
        /// How long a request may take to come whole, counted from the connection or from the answer before. To a quarter of it precise.
        public var arrival: Duration

        public init(
            bodyBytes: Int = 1 << 20,
            headerBytes: Int = 32 << 10,
            connections: Int = 512,
            connectionsPerAddress: Int = 0,
            idle: Duration = .seconds(30),
            arrival: Duration = .seconds(60)
        ) {
            self.bodyBytes = bodyBytes
            self.headerBytes = headerBytes
            self.connections = connections
            self.connectionsPerAddress = connectionsPerAddress
            self.idle = idle
            self.arrival = arrival
        }
    }

    private let daemon: HTTPDaemon

    /// The port it listens on; nil for a Unix socket.
    public let boundPort: UInt16?

    /// Listens from here on.
    /// - Parameter taken: the socket that another server gave up with ``handOver()``.
    public init(
        listen address: Address,
        taking taken: Int32? = nil,
        limits: Limits = Limits(),
        admission: @escaping Admission = { _ in nil },
        handler: @escaping Handler
    ) throws(HTTPServerError) {
        let listener = try HTTPListener(address, taken: taken)
        boundPort = listener.boundPort
        daemon = HTTPDaemon(limits: limits, admission: admission, handler: handler)
        try daemon.start(listener, named: address.text)
    }

    deinit {
        let daemon = daemon
        Task { await daemon.stop(grace: .zero) }
    }

    /// Takes no more connections and gives up its listening socket, which goes on listening; requests under way are answered. ``stop()``
    /// comes later all the same.
    public func handOver() -> Int32? { daemon.handOver() }

    /// Takes no more requests, answers those under way with 503, ends streams, and returns when everything is closed.
    /// - Parameter grace: how long requests under way may take to get their own answer.
    public func stop(grace: Duration = .zero) async {
        await daemon.stop(grace: grace)
    }
}

extension HTTPServer.Address {
    /// As it is written in logs: `127.0.0.1:80`, `[::1]:80` or a path.
    public var text: String {
        switch self {
        case .tcp(let host, let port): host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
        case .unix(let path, _): path
        }
    }
}
