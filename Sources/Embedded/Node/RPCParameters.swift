import Bitcoin
import Hashing
public import JSON

/// The arguments of a call, by position or by name.
public struct RPCParameters: Sendable {
    private let value: JSONValue

    /// - Parameter value: what the request's `params` hold; null and nothing are an empty list.
    public init(_ value: JSONValue?) {
        self.value = value ?? .null
    }

    /// How many there are.
    public var count: Int {
        switch value {
        case .array(let elements): elements.count
        case .object(let members): members.count
        default: 0
        }
    }

    /// All of them, as they came by position; empty when they came by name.
    public var positional: [JSONValue] { value.array ?? [] }

    /// The argument at a position, which has this name when the call names its arguments; nil when it is missing or null.
    public func value(_ position: Int, _ name: String) -> JSONValue? {
        let found = value.object == nil ? value[position] : value[name]
        return found?.isNull == true ? nil : found
    }

    // MARK: As bitcoind reads them

    /// An argument that must be there, else the call is answered with `help`.
    func required(_ position: Int, _ name: String, help: String) throws(RPCError) -> JSONValue {
        guard let found = value(position, name) else { throw .usage(help) }
        return found
    }

    func string(_ position: Int, _ name: String, help: String) throws(RPCError) -> String {
        let found = try required(position, name, help: help)
        guard let text = found.string else { throw .wrongType(position: position + 1, name: name, is: found.rpcType, not: "string") }
        return text
    }

    func integer(_ position: Int, _ name: String, help: String) throws(RPCError) -> Int64 {
        let found = try required(position, name, help: help)
        guard let number = found.integer else { throw .wrongType(position: position + 1, name: name, is: found.rpcType, not: "number") }
        return number
    }

    /// Sixty-four hex digits in display order.
    func hash(_ position: Int, _ name: String, help: String) throws(RPCError) -> Hash256 {
        try RPCParameters.hash(try string(position, name, help: help), name)
    }

    static func hash(_ text: String, _ name: String) throws(RPCError) -> Hash256 {
        guard text.utf8.count == 64 else {
            throw .invalidParameter("\(name) must be of length 64 (not \(text.utf8.count), for '\(text)')")
        }
        guard let hash = Hash256(displayHex: text) else { throw .invalidParameter("\(name) must be hexadecimal string (not '\(text)')") }
        return hash
    }
}

extension JSONValue {
    /// The name that bitcoind's messages have for this kind of value.
    fileprivate var rpcType: String {
        switch self {
        case .null: "null"
        case .bool: "bool"
        case .integer, .real: "number"
        case .string: "string"
        case .array: "array"
        case .object: "object"
        }
    }
}
