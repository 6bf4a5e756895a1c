import Bitcoin
import HTTP
import MergeMining

extension AuxiliaryChain {
    /// - Throws: what an AuxPoW chain needs and the configuration does not say.
    /// - Parameter parent: the network of the parent chain, which says RSK's.
    init(_ chain: PoolConfiguration.Auxiliary, beside parent: Chain) throws(StartFailure) {
        let kind: Kind
        switch chain.kind {
        case .rsk: kind = .rsk
        case .auxpow:
            guard let flavour = chain.flavour, let number = chain.chainID, let address = chain.address else {
                throw StartFailure("auxiliaries: \(chain.name) needs flavour, chainId and address")
            }
            kind = .auxPow(flavour: AuxPowFlavour(flavour), chain: ChainID(number), address: address)
        }
        self.init(
            name: chain.name,
            kind: kind,
            nodes: NodeEndpoint.nodes(of: chain),
            pollInterval: .milliseconds(Int64(chain.pollSeconds * 1000)),
            timeLimit: chain.kind == .rsk ? parent.rskTimeLimit : nil
        )
    }
}

extension Chain {
    /// How far parent and RSK block may be apart in seconds on RSK's network beside this one (RSKIP179, RSKIP297); nil where that is not judged.
    fileprivate var rskTimeLimit: Int64? {
        switch self {
        case .main: 300
        case .test, .testnet4: 7200
        case .regtest, .signet: nil
        }
    }
}

extension AuxPowFlavour {
    init(_ flavour: PoolConfiguration.Auxiliary.Flavour) {
        self =
            switch flavour {
            case .namecoin: .namecoin
            case .syscoin: .syscoin
            case .elastos: .elastos
            case .fractal: .fractal
            }
    }
}

extension NodeEndpoint {
    /// A node alone goes by its chain's name; of several, each by its address. Works and the journal remember it.
    static func nodes(of chain: PoolConfiguration.Auxiliary) -> [NodeEndpoint] {
        let credentials: NodeCredentials =
            if let user = chain.user {
                .password(HTTPCredentials(user: user, password: chain.password?.revealed ?? ""))
            } else {
                .none
            }
        let urls = [chain.url] + chain.furtherURLs
        return urls.map { NodeEndpoint(name: urls.count == 1 ? chain.name : $0, url: $0, credentials: credentials) }
    }
}

extension AuxiliarySet {
    init(_ configuration: PoolConfiguration, http: HTTPClient) throws {
        var settings = Settings()
        settings.rejobInterval = configuration.limits.rejobInterval
        try self.init(configuration.auxiliaries.map { try AuxiliaryChain($0, beside: configuration.chain) }, http: http, settings: settings)
    }
}

extension PoolConfiguration.Limits {
    var rejobInterval: Duration { .milliseconds(Int64(auxiliaryJobSeconds * 1000)) }
}
