public import HTTP

/// Where a node answers JSON-RPC, and as whom it is asked.
public struct NodeEndpoint: Sendable {
    /// What logs and tables call the node.
    public var name: String
    public var url: String
    public var credentials: NodeCredentials
    public var version: JSONRPCVersion
    /// The longest answer in bytes. A template's worst case is about twice the 4 MB of a block in hex.
    public var responseLimit: Int

    public init(
        name: String,
        url: String,
        credentials: NodeCredentials = .none,
        version: JSONRPCVersion = .one,
        responseLimit: Int = 64 << 20
    ) {
        self.name = name
        self.url = url
        self.credentials = credentials
        self.version = version
        self.responseLimit = responseLimit
    }
}

/// How a node knows its caller.
public enum NodeCredentials: Sendable, Equatable {
    case none
    case password(HTTPCredentials)
    /// The path of the file that bitcoind writes anew at each of its starts, with a line `user:password`.
    case cookieFile(String)
}
