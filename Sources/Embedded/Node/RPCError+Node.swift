import Bitcoin

extension RPCError {
    static let notAnObject = RPCError(code: -32_700, message: "Top-level object parse error")
    static let missingMethod = RPCError(code: -32_600, message: "Missing method")
    static let wrongParameters = RPCError(code: -32_602, message: "method parameters invalid")
    static let warmingUp = RPCError(code: -28, message: "Loading block index…")
    static let shuttingDown = RPCError(code: -9, message: "Shutting down")
    static let blockNotFound = RPCError(code: -5, message: "Block not found")
    static let blockDecodeFailed = RPCError(code: -22, message: "Block decode failed")

    static func wrongType(position: Int, name: String, is found: String, not expected: String) -> RPCError {
        let line = "\"Position \(position) (\(name))\": \"JSON value of type \(found) is not of expected type \(expected)\""
        return RPCError(code: -3, message: "Wrong type passed:\n{\n    \(line)\n}")
    }
}
