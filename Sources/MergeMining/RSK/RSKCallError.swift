public import JSON

/// The errors of rskj's `mnr_*` methods, with its codes and texts.
public enum RSKCallError: Error, Hashable, Sendable {
    case rateLimited
    /// The work was never made, or 20 newer ones have pushed it out.
    case unknownWork(RSKMiningHash)
    /// The proof is refused. A real node keeps the reason to its log.
    case invalid(RSKReject, block: String, hash: RSKMiningHash, height: UInt64)
    case emptyHashes
    /// Whatever the node's code does not expect: bad hex, a `0x`, a short header, a coinbase that does not parse.
    case internalError
    case wrongParameters
    case unknownMethod
    /// The node's own time limit.
    case timedOut

    public var code: Int {
        switch self {
        case .rateLimited, .unknownWork, .invalid, .emptyHashes: -33000
        case .internalError: -32603
        case .wrongParameters: -32602
        case .unknownMethod: -32601
        case .timedOut: -32011
        }
    }

    public var message: String {
        switch self {
        case .rateLimited: "Cannot publish block, block submission rate limit exceeded"
        case .unknownWork(let hash): "Cannot publish block, could not find hash 0x\(hash) in the cache"
        case .invalid(_, let block, let hash, let height): "Invalid block supplied by miner: \(block) \(hash) at height \(height)"
        case .emptyHashes: "The list of merkle hashes can't be empty"
        case .internalError: "Internal server error"
        case .wrongParameters: "method parameters invalid"
        case .unknownMethod: "method not found"
        case .timedOut: "Execution has got timeout out."
        }
    }

    /// The `error` member of a reply.
    public var json: JSONValue { ["code": JSONValue(code), "message": .string(message)] }
}
