/// A request that an `HTTPClient` sends.
public struct HTTPClientRequest: Sendable {
    /// Absolute, `http` or `https`.
    public var url: String
    public var method: HTTPMethod
    public var headers: HTTPHeaders
    /// The body in pieces that are sent one after the other as they are, so that what several requests share needs no copy.
    public var bodyPieces: [[UInt8]]
    /// Sent as `Authorization: Basic`, without waiting to be asked.
    public var credentials: HTTPCredentials?
    /// The path of a Unix socket to connect to in place of the URL's host.
    public var unixSocketPath: String?
    /// How long name lookup and connection may take together.
    public var connectTimeout: Duration
    /// How long all of it may take.
    public var timeout: Duration
    /// The longest body of a response in bytes; a longer one ends the transfer.
    public var responseLimit: Int
    /// Whether the request may reach the server twice.
    ///
    /// A kept-open connection may be closed by its server just as a request goes out, and then the request is repeated on a new one. False for what
    /// must never happen twice, such as a payment: it always opens a connection of its own.
    public var repeatable: Bool
    /// Whether the request shall leave on the thread that sends it: over an open connection its first bytes are out when `send` returns, which takes
    /// about 100 µs. Otherwise the client's thread sends it, when the system lets that run.
    public var isUrgent: Bool

    public init(
        url: String,
        method: HTTPMethod = .get,
        headers: HTTPHeaders = [:],
        body: [UInt8] = [],
        credentials: HTTPCredentials? = nil,
        unixSocketPath: String? = nil,
        connectTimeout: Duration = .seconds(5),
        timeout: Duration = .seconds(30),
        responseLimit: Int = 64 << 20,
        repeatable: Bool = true,
        isUrgent: Bool = false
    ) {
        self.url = url
        self.method = method
        self.headers = headers
        bodyPieces = body.isEmpty ? [] : [body]
        self.credentials = credentials
        self.unixSocketPath = unixSocketPath
        self.connectTimeout = connectTimeout
        self.timeout = timeout
        self.responseLimit = responseLimit
        self.repeatable = repeatable
        self.isUrgent = isUrgent
    }

    /// All pieces of the body joined.
    public var body: [UInt8] {
        get { bodyPieces.count == 1 ? bodyPieces[0] : Array(bodyPieces.joined()) }
        set { bodyPieces = newValue.isEmpty ? [] : [newValue] }
    }
}

/// A user's name and password. Neither shows in descriptions, so that no log holds them.
public struct HTTPCredentials: Sendable, Equatable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    public var user: String
    public var password: String

    public init(user: String, password: String) {
        self.user = user
        self.password = password
    }

    public var description: String { "HTTPCredentials(…)" }
    public var debugDescription: String { description }
    public var customMirror: Mirror { Mirror(self, children: []) }
}

/// What a server answered, whatever its status.
public struct HTTPClientResponse: Sendable {
    public var status: Int
    public var headers: HTTPHeaders
    public var body: [UInt8]

    public init(status: Int, headers: HTTPHeaders = [:], body: [UInt8] = []) {
        self.status = status
        self.headers = headers
        self.body = body
    }
}
