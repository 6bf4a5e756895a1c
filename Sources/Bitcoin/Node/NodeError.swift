internal import HTTP

/// Why a node gave no result.
public enum NodeError: Error, Sendable, Equatable {
    /// No connection came about.
    case unreachable(String)
    /// Time ran out; `sent` tells whether the node may have got the request.
    case timedOut(sent: Bool)
    /// The connection broke; `sent` tells whether the node may have got the request.
    case broken(String, sent: Bool)
    /// The node refuses user and password (HTTP 401).
    case unauthorized
    /// The node does not let this address or user ask this (HTTP 403).
    case forbidden
    case cookieUnreadable(path: String, String)
    /// The node has too many requests at once (HTTP 503).
    case busy
    /// The node has just started (RPC −28).
    case warmingUp(String)
    /// The node still downloads the chain (RPC −10).
    case initialDownload(String)
    /// The node has no peers (RPC −9).
    case notConnected(String)
    /// Any other error of the node.
    case rpc(code: Int64, String)
    /// What came back is not the answer that was asked for.
    case malformed(String)
    case cancelled
}

extension NodeError {
    init(_ error: HTTPError) {
        self =
            switch error {
            case .badRequest, .unresolvable, .unreachable, .insecure: .unreachable(error.text)
            case .timedOut(let sent): .timedOut(sent: sent)
            case .broken(let words, let sent): .broken(words, sent: sent)
            case .tooLarge, .malformed: .malformed(error.text)
            case .cancelled, .shutDown: .cancelled
            }
    }

    /// The error object of a JSON-RPC answer.
    init(code: Int64, message: String) {
        self =
            switch code {
            case -28: .warmingUp(message)
            case -10: .initialDownload(message)
            case -9: .notConnected(message)
            default: .rpc(code: code, message)
            }
    }

    /// Whether the node may have acted on the request although no result came back.
    public var requestMayHaveArrived: Bool {
        switch self {
        case .timedOut(let sent), .broken(_, let sent): sent
        case .malformed, .cancelled: true
        default: false
        }
    }
}

extension NodeError: CustomStringConvertible {
    /// One line for a log.
    public var text: String {
        switch self {
        case .unreachable(let words): "cannot be reached: \(words)"
        case .timedOut(let sent): sent ? "gave no answer in time" : "cannot be reached in time"
        case .broken(let words, _): "broke the connection: \(words)"
        case .unauthorized: "refuses user and password"
        case .forbidden: "forbids the request"
        case .cookieUnreadable(let path, let words): "cookie file \(path) cannot be read: \(words)"
        case .busy: "has too many requests at once"
        case .warmingUp(let words): "is starting: \(words)"
        case .initialDownload(let words): "still downloads the chain: \(words)"
        case .notConnected(let words): "has no connection to the network: \(words)"
        case .rpc(let code, let words): "error \(code): \(words)"
        case .malformed(let words): "gave an answer that makes no sense: \(words)"
        case .cancelled: "was not waited for"
        }
    }

    /// The name this error is counted under.
    public var label: String {
        switch self {
        case .unreachable: "unreachable"
        case .timedOut: "timed-out"
        case .broken: "broken"
        case .unauthorized: "unauthorized"
        case .forbidden: "forbidden"
        case .cookieUnreadable: "cookie-unreadable"
        case .busy: "busy"
        case .warmingUp: "warming-up"
        case .initialDownload: "initial-download"
        case .notConnected: "not-connected"
        case .rpc: "rpc"
        case .malformed: "malformed"
        case .cancelled: "cancelled"
        }
    }

    /// What a person can do about it.
    public var remedy: String {
        switch self {
        case .unreachable: "start the node with server=1, or correct url"
        case .timedOut: "see what keeps the node busy, or whether a firewall drops packets to it"
        case .broken: "see the node's log for why it closes connections"
        case .unauthorized: "correct user and password, or cookieFile"
        case .forbidden: "add this address to the node's rpcallowip, and the method to its rpcwhitelist"
        case .cookieUnreadable: "start the node, and let this user read its cookie (rpccookieperms=group)"
        case .busy: "raise the node's rpcworkqueue and rpcthreads"
        case .warmingUp, .initialDownload: "wait until the node is ready"
        case .notConnected: "connect the node to peers"
        case .rpc: "see the node's log"
        case .malformed: "see whether url is that of the right node"
        case .cancelled: "none is needed"
        }
    }

    public var description: String { text }
}
