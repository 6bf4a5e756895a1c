internal import HTTP
internal import JSON

/// The dialect of JSON-RPC that a node speaks.
public enum JSONRPCVersion: String, Sendable {
    /// Bitcoin Core and its descendants.
    case one = "1.0"
    /// rskj.
    case two = "2.0"
}

/// The envelope around a call and its result.
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
