import JSON

/// One call of a client, in the form of JSON-RPC that it chose.
struct GatewayCall: Sendable {
    /// `"jsonrpc": "2.0"` was given; else the older form, whose answers hold both members.
    let isVersion2: Bool
    let id: JSONValue
    let method: String
    let parameters: [JSONValue]

    init(_ value: JSONValue) throws(GatewayError) {
        guard case .object(let object) = value else { throw .invalidRequest("Invalid Request object") }
        isVersion2 = object["jsonrpc"]?.string == "2.0"
        id = object["id"] ?? .null
        guard let method = object["method"] else { throw .invalidRequest("Missing method") }
        guard let name = method.string else { throw .invalidRequest("Method must be a string") }
        self.method = name
        switch object["params"] {
        case nil, .null?: parameters = []
        case .array(let list)?: parameters = list
        // Elastos' names for what the others take by place.
        case .object(let named)?: parameters = ["paytoaddress", "blockhash", "auxpow"].compactMap { named[$0] }
        default: throw .invalidRequest("Params must be an array or object")
        }
    }

    /// The answer; `extra` are members beside the result.
    func reply(_ result: Result<JSONValue, GatewayError>, extra: JSONObject = [:]) -> JSONValue {
        var answer: JSONObject = isVersion2 ? ["jsonrpc": "2.0"] : [:]
        switch result {
        case .success(let value):
            answer["result"] = value
            if !isVersion2 { answer["error"] = .null }
        case .failure(let error):
            if !isVersion2 { answer["result"] = .null }
            answer["error"] = error.json
        }
        for (key, value) in extra { answer[key] = value }
        answer["id"] = id
        return .object(answer)
    }

    /// The older form says errors by the HTTP status too.
    func status(_ result: Result<JSONValue, GatewayError>) -> Int {
        guard case .failure(let error) = result else { return 200 }
        return isVersion2 && error.code != -32602 ? 200 : error.status
    }
}

/// An error of the gateway, with the code and text that the node it stands for would use.
struct GatewayError: Error, Hashable, Sendable {
    let code: Int
    let message: String

    static let parse = GatewayError(code: -32700, message: "Parse error")
    static let methodNotFound = GatewayError(code: -32601, message: "Method not found")
    static let unknownBlock = GatewayError(code: -8, message: "block hash unknown")
    static let badBlockHash = GatewayError(code: -8, message: "invalid block hash hex")
    static let notDecodable = GatewayError(code: -1, message: "DataStream::read(): end of data")
    static let chainBranchNotEmpty = GatewayError(code: -8, message: "the chain merkle branch must be empty: this gateway adds its own")
    static let noWork = GatewayError(code: -9, message: "no auxiliary node gives work")
    static let batchTooLarge = GatewayError(code: -32600, message: "a batch of more than \(Gateway.largestBatch) calls")

    static func invalidRequest(_ words: String) -> GatewayError { GatewayError(code: -32600, message: words) }
    /// Namecoin answers a wrong number of parameters with the method's help.
    static func usage(_ words: String) -> GatewayError { GatewayError(code: -1, message: words) }

    init(code: Int, message: String) {
        self.code = code
        self.message = message
    }

    init(_ error: RSKCallError) {
        self.init(code: error.code, message: error.message)
    }

    /// The HTTP status in the older form of JSON-RPC.
    var status: Int {
        switch code {
        case -32600, -32602: 400
        case -32601: 404
        default: 500
        }
    }

    var json: JSONValue { ["code": JSONValue(code), "message": .string(message)] }
}
