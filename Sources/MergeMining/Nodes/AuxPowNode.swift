public import Bitcoin
import Hashing
public import JSON

/// A node of the AuxPoW family, in its flavour's dialect.
public struct AuxPowNode: AuxiliaryNode {
    private let client: NodeClient
    private let flavour: AuxPowFlavour
    private let chain: ChainID
    private let address: String

    /// - Parameter address: on the auxiliary chain; its node pays blocks to it.
    public init(_ client: NodeClient, flavour: AuxPowFlavour, chain: ChainID, address: String) {
        self.client = client
        self.flavour = flavour
        self.chain = chain
        self.address = address
    }

    public var name: String { client.endpoint.name }

    public func work() async throws(AuxiliaryNodeError) -> AuxiliaryWork.Content {
        let parameters: JSONValue = flavour.isElastos ? ["paytoaddress": .string(address)] : [.string(address)]
        let result: JSONValue
        do { result = try await client.call("createauxblock", parameters, timeout: .seconds(5)) } catch { throw AuxiliaryNodeError(error) }
        do { return .auxPow(try AuxPowWork(result, flavour: flavour, chain: chain)) } catch { throw .reply(error) }
    }

    public func submit(_ solution: AuxiliarySolution) async throws(NodeError) -> JSONValue {
        try await client.call(solution.method, solution.parameters, timeout: .seconds(30))
    }

    public func standing(of block: String, height: Int64) async throws(NodeError) -> AuxiliaryStanding {
        let best: String?
        do {
            best = try await client.call("getblockhash", [.integer(height)], timeout: .seconds(10)).string
        } catch .rpc(code: -8, _) {
            return .ahead
        }
        guard let best else { return .unknown }
        let tip = try await client.call("getblockcount", [], timeout: .seconds(10)).integer ?? height
        let confirmations = max(1, tip - height + 1)
        return best.lowercased() == block.lowercased() ? .confirmed(confirmations: confirmations) : .beside(rival: confirmations)
    }
}
