public import Bitcoin
import HTTP

/// An auxiliary chain as it is configured. A new chain of the AuxPoW family is one more of these.
public struct AuxiliaryChain: Sendable {
    public enum Kind: Sendable {
        case rsk
        /// - Parameter address: on the auxiliary chain, what its blocks pay to.
        case auxPow(flavour: AuxPowFlavour, chain: ChainID, address: String)
    }

    public var name: String
    public var kind: Kind
    /// Where its nodes answer. Several RSK nodes may be named; the one that is furthest gives the work.
    public var nodes: [NodeEndpoint]
    /// How often a node is asked for work.
    public var pollInterval: Duration
    /// RSK: how far, in seconds, a parent header's time must stay from the RSK block's; nil where the network knows no such rule.
    public var timeLimit: Int64?

    public init(name: String, kind: Kind, nodes: [NodeEndpoint], pollInterval: Duration = .seconds(2), timeLimit: Int64? = nil) {
        self.name = name
        self.kind = kind
        self.nodes = nodes
        self.pollInterval = pollInterval
        self.timeLimit = timeLimit
    }

    /// As `kind` stands in the configuration and in `poolctl aux`.
    public var kindName: String {
        switch kind {
        case .rsk: "rsk"
        case .auxPow: "auxpow"
        }
    }

    var chainID: ChainID? {
        switch kind {
        case .rsk: nil
        case .auxPow(_, let chain, _): chain
        }
    }

    /// The dialect its nodes speak is set here, whatever the endpoint says.
    func makeNodes(_ http: HTTPClient) -> [any AuxiliaryNode] {
        nodes.map { endpoint in
            var endpoint = endpoint
            endpoint.responseLimit = 1 << 20
            switch kind {
            case .rsk:
                endpoint.version = .two
                return RSKNode(NodeClient(endpoint, http: http))
            case .auxPow(let flavour, let chain, let address):
                endpoint.version = flavour.isElastos ? .two : .one
                return AuxPowNode(NodeClient(endpoint, http: http), flavour: flavour, chain: chain, address: address)
            }
        }
    }
}

/// Why a configuration of auxiliary chains cannot be served.
public enum AuxiliarySetError: Error, Hashable, CustomStringConvertible {
    case tree(AuxiliaryTreeError)
    case sameName(String)
    case severalRSK(String, String)
    case noNode(String)
    case sameNode(String)

    public var description: String {
        switch self {
        case .tree(let error): error.description
        case .sameName(let name): "two auxiliary chains are called \"\(name)\""
        case .severalRSK(let one, let other): "\"\(one)\" and \"\(other)\" are both of kind rsk; a coinbase can commit to one RSK block only"
        case .noNode(let name): "auxiliary chain \"\(name)\" names no node"
        case .sameNode(let name): "two nodes are called \"\(name)\""
        }
    }
}
