import Bitcoin
import JSON

/// How a kind of node wraps its answers.
public enum RPCDialect: Sendable {
    /// JSON-RPC 1.0 with errors as HTTP statuses, 2.0 for requests that say so, and batches.
    case bitcoind
    /// JSON-RPC 2.0 alone, one connection a call, status 200 but for wrong parameters.
    case rskj
}

extension RPCDialect {
    /// The answer to one call.
    func wrap(_ result: Result<JSONValue, RPCError>, for call: JSONValue) -> JSONValue {
        version(of: call).answer(result, id: call["id"] ?? .null)
    }

    /// The HTTP status of a lone answer.
    func status(_ result: Result<JSONValue, RPCError>, for call: JSONValue) -> Int {
        guard case .failure(let error) = result else { return 200 }
        return switch self {
        case .rskj: error.code == RPCError.wrongParameters.code ? error.status : 200
        case .bitcoind: version(of: call) == .two ? 200 : error.status
        }
    }

    private func version(of call: JSONValue) -> JSONRPCVersion { self == .rskj ? .two : JSONRPCVersion(of: call) }
}
