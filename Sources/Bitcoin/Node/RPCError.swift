public import JSON

/// An error as a node's JSON-RPC interface reports it; so does whatever stands for a node.
public struct RPCError: Error, Hashable, Sendable {
    public let code: Int
    public let message: String

    public init(code: Int, message: String) {
        self.code = code
        self.message = message
    }

    public static let parse = RPCError(code: -32_700, message: "Parse error")
    public static let methodNotFound = RPCError(code: -32_601, message: "Method not found")

    public static func invalidParameter(_ message: String) -> RPCError { RPCError(code: -8, message: message) }

    /// A call with too few or too many arguments is answered with the method's help.
    public static func usage(_ help: String) -> RPCError { RPCError(code: -1, message: help) }

    /// The `error` member of an answer.
    public var json: JSONValue { ["code": JSONValue(code), "message": .string(message)] }

    /// The HTTP status beside it in JSON-RPC 1.0.
    public var status: Int {
        switch code {
        case -32_600, -32_602: 400
        case -32_601: 404
        default: 500
        }
    }
}
