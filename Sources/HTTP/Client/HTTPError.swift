/// Why a request got no response. A response of any status, 401 and 500 included, is no error.
public enum HTTPError: Error, Sendable, Equatable {
    /// The URL, the method or a header cannot be sent as it stands.
    case badRequest(String)
    /// The host's name has no address.
    case unresolvable(String)
    /// No connection came about.
    case unreachable(String)
    /// TLS could not agree, or the certificate is not trusted.
    case insecure(String)
    /// Time ran out; `sent` tells whether the server may have got the request.
    case timedOut(sent: Bool)
    /// The connection broke; `sent` tells whether the server may have got the request.
    case broken(String, sent: Bool)
    /// The response has more bytes than the request allows.
    case tooLarge(limit: Int)
    /// The answer is not HTTP.
    case malformed(String)
    /// The caller gave up.
    case cancelled
    /// The client was shut down.
    case shutDown
}

extension HTTPError: CustomStringConvertible {
    /// One line for a log.
    public var text: String {
        switch self {
        case .badRequest(let words): "request cannot be sent: \(words)"
        case .unresolvable(let words): "host has no address: \(words)"
        case .unreachable(let words): "no connection: \(words)"
        case .insecure(let words): "no TLS connection: \(words)"
        case .timedOut(let sent): sent ? "no answer in time" : "no connection in time"
        case .broken(let words, _): "connection broke: \(words)"
        case .tooLarge(let limit): "response is longer than \(limit) bytes"
        case .malformed(let words): "answer is not HTTP: \(words)"
        case .cancelled: "cancelled"
        case .shutDown: "client was shut down"
        }
    }

    /// The name this error is counted under.
    public var label: String {
        switch self {
        case .badRequest: "bad-request"
        case .unresolvable: "unresolvable"
        case .unreachable: "unreachable"
        case .insecure: "insecure"
        case .timedOut: "timed-out"
        case .broken: "broken"
        case .tooLarge: "too-large"
        case .malformed: "malformed"
        case .cancelled: "cancelled"
        case .shutDown: "shut-down"
        }
    }

    /// What a person can do about it.
    public var remedy: String {
        switch self {
        case .badRequest: "correct the URL"
        case .unresolvable: "correct the host name or the resolver"
        case .unreachable: "start the server, or correct host and port"
        case .insecure: "correct the server's certificate, or use the address it is made for"
        case .timedOut(let sent): sent ? "see what keeps the server busy" : "see whether a firewall drops packets to the server"
        case .broken: "see why the server or something between closes connections"
        case .tooLarge: "see whether the address is that of the right server"
        case .malformed: "see whether the port is that of an HTTP server"
        case .cancelled, .shutDown: "none is needed"
        }
    }

    /// Whether the server may have received the request, and acted on it.
    public var requestMayHaveArrived: Bool {
        switch self {
        case .badRequest, .unresolvable, .unreachable, .insecure: false
        case .timedOut(let sent), .broken(_, let sent): sent
        case .tooLarge, .malformed, .cancelled, .shutDown: true
        }
    }

    public var description: String { text }
}
