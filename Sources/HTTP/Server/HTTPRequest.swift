/// A request that an `HTTPServer` received whole.
public struct HTTPRequest: Sendable {
    public var method: HTTPMethod
    /// The path without query, percent escapes resolved.
    public var path: String
    /// The parameters of the query in their order, escapes resolved.
    public var query: [(name: String, value: String)]
    public var headers: HTTPHeaders
    public var body: [UInt8]
    /// The client's address without port; nil over a Unix socket.
    public var remoteAddress: String?

    public init(
        method: HTTPMethod,
        path: String,
        query: [(name: String, value: String)] = [],
        headers: HTTPHeaders = [:],
        body: [UInt8] = [],
        remoteAddress: String? = nil
    ) {
        self.method = method
        self.path = path
        self.query = query
        self.headers = headers
        self.body = body
        self.remoteAddress = remoteAddress
    }

    /// The first value of a query parameter.
    public func parameter(_ name: String) -> String? {
        query.first { $0.name == name }?.value
    }
}
