internal import HTTP
public import JSON

/// The dialect of JSON-RPC that a node speaks.
public enum JSONRPCVersion: String, Sendable {
    /// Bitcoin Core and its descendants.
    case one = "1.0"
    /// rskj.
    case two = "2.0"
}

extension JSONRPCVersion {
    /// The version that a call asks for.
    public init(of call: JSONValue) {
        self = call["jsonrpc"]?.string == JSONRPCVersion.two.rawValue ? .two : .one
    }

    /// A server's answer to one call. The first version has a result and an error in every answer, one of them null.
    /// - Parameter extra: members beside the result.
    public func answer(_ result: Result<JSONValue, RPCError>, id: JSONValue, extra: JSONObject = [:]) -> JSONValue {
        var answer: JSONObject = self == .two ? ["jsonrpc": .string(rawValue)] : [:]
        switch result {
        case .success(let value):
            answer["result"] = value
            if self == .one { answer["error"] = .null }
        case .failure(let error):
            if self == .one { answer["result"] = .null }
            answer["error"] = error.json
        }
        for (key, value) in extra { answer[key] = value }
        answer["id"] = id
        return .object(answer)
    }
}

/// The envelope around a call and its result, on the side of who calls.
enum JSONRPC {
    static func body(_ version: JSONRPCVersion, id: Int64, method: String, params: JSONValue) -> [UInt8] {
        let call: JSONValue = ["jsonrpc": .string(version.rawValue), "id": .integer(id), "method": .string(method), "params": params]
        return call.serialized()
    }

    /// The result in a node's answer. `id` is the request's own; nil where nobody needs to tell answers apart.
    static func result(of response: HTTPClientResponse, id: Int64?) throws(NodeError) -> JSONValue {
        switch response.status {
        case 401: throw .unauthorized
        case 403: throw .forbidden
        default: break
        }
        // Bitcoin Core sends its errors with status 400, 404 or 500 and the JSON in the body, so the status alone says little.
        let answer: JSONValue
        do {
            answer = try JSONValue(parsing: response.body)
        } catch {
            if response.status == 503 { throw .busy }
            throw .malformed(response.status == 200 ? error.text : "HTTP status \(response.status)")
        }
        if let error = answer["error"], !error.isNull {
            throw NodeError(code: error["code"]?.integer ?? 0, message: error["message"]?.string ?? error.string ?? error.text())
        }
        guard let result = answer["result"] else { throw .malformed("HTTP status \(response.status) without result") }
        if let id, answer["id"] != .integer(id) { throw .malformed("the answer to another request") }
        return result
    }
}
