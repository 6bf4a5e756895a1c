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
        let id = call["id"] ?? .null
        if isVersion2(call) {
            return switch result {
            case .success(let value): ["jsonrpc": "2.0", "result": value, "id": id]
            case .failure(let error): ["jsonrpc": "2.0", "error": error.json, "id": id]
            }
        }
        return switch result {
        case .success(let value): ["result": value, "error": .null, "id": id]
        case .failure(let error): ["result": .null, "error": error.json, "id": id]
        }
    }

    /// The HTTP status of a lone answer.
    func status(_ result: Result<JSONValue, RPCError>, for call: JSONValue) -> Int {
        guard case .failure(let error) = result else { return 200 }
        if self == .rskj { return error.code == RPCError.wrongParameters.code ? 400 : 200 }
        guard !isVersion2(call) else { return 200 }
        return switch error.code {
        case RPCError.missingMethod.code: 400
        case RPCError.methodNotFound.code: 404
        default: 500
        }
    }

    private func isVersion2(_ call: JSONValue) -> Bool {
        self == .rskj || call["jsonrpc"]?.string == "2.0"
    }
}

extension RPCError {
    var json: JSONValue { ["code": .integer(Int64(code)), "message": .string(message)] }
}
