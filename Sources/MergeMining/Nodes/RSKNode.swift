public import Bitcoin
import Hashing
public import JSON

/// An rskj node. Its JSON-RPC knows no password and closes the connection after each answer.
public struct RSKNode: AuxiliaryNode {
    private let client: NodeClient

    /// - Parameter client: its endpoint speaks JSON-RPC 2.0.
    public init(_ client: NodeClient) {
        self.client = client
    }

    public var name: String { client.endpoint.name }

    public func work() async throws(AuxiliaryNodeError) -> AuxiliaryWork.Content {
        let result: JSONValue
        do { result = try await client.call("mnr_getWork", [], timeout: .seconds(5)) } catch { throw AuxiliaryNodeError(error) }
        do { return .rsk(try RSKWork(result)) } catch { throw .reply(error) }
    }

    /// An import runs for up to the node's own limit of 5 s.
    public func submit(_ solution: AuxiliarySolution) async throws(NodeError) -> JSONValue {
        try await client.call(solution.method, solution.parameters, timeout: .seconds(15))
    }

    /// Asks the `eth` module, which an operator may have switched off.
    public func standing(of block: String, height: Int64) async throws(NodeError) -> AuxiliaryStanding {
        let found = try await client.call("eth_getBlockByNumber", [.string("0x" + String(height, radix: 16)), false], timeout: .seconds(10))
        guard !found.isNull else { return .ahead }
        guard let hash = found["hash"]?.string else { return .unknown }
        let tip = try await client.call("eth_blockNumber", [], timeout: .seconds(10))
        guard let number = tip.string.flatMap({ Int64($0.dropFirst(2), radix: 16) }) else { return .unknown }
        let confirmations = max(1, number - height + 1)
        return hash.lowercased() == "0x" + block ? .confirmed(confirmations: confirmations) : .beside(rival: confirmations)
    }
}
