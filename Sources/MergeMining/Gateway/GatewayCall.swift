import Bitcoin
import JSON

/// One call of a client, in the form of JSON-RPC that it chose.
struct GatewayCall: Sendable {
    let version: JSONRPCVersion
    let id: JSONValue
    let method: String
    let parameters: [JSONValue]

    init(_ value: JSONValue) throws(RPCError) {
        guard case .object(let object) = value else { throw .invalidRequest("Invalid Request object") }
        version = JSONRPCVersion(of: value)
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
    func reply(_ result: Result<JSONValue, RPCError>, extra: JSONObject = [:]) -> JSONValue {
        version.answer(result, id: id, extra: extra)
    }

    /// The older form says errors by the HTTP status too, and rskj says wrong parameters by it in either.
    func status(_ error: RPCError) -> Int {
        version == .two && error.code != -32_602 ? 200 : error.status
    }
}

/// The errors of the gateway, with the codes and texts that the nodes it stands for would use.
extension RPCError {
    static let unknownBlock = invalidParameter("block hash unknown")
    static let badBlockHash = invalidParameter("invalid block hash hex")
    static let notDecodable = RPCError(code: -1, message: "DataStream::read(): end of data")
    static let chainBranchNotEmpty = invalidParameter("the chain merkle branch must be empty: this gateway adds its own")
    static let noWork = RPCError(code: -9, message: "no auxiliary node gives work")
    static let batchTooLarge = invalidRequest("a batch of more than \(Gateway.largestBatch) calls")

    static func invalidRequest(_ words: String) -> RPCError { RPCError(code: -32_600, message: words) }

    init(_ error: RSKCallError) {
        self.init(code: error.code, message: error.message)
    }
}
