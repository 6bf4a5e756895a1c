import Bitcoin
import HTTP
import MergeMining

extension AuxiliaryChain {
    /// - Throws: what an AuxPoW chain needs and the configuration does not say.
    init(_ chain: PoolConfiguration.Auxiliary) throws(StartFailure) {
        let kind: Kind
        switch chain.kind {
        case .rsk: kind = .rsk
        case .auxpow:
            guard let flavour = chain.flavour, let number = chain.chainID, let address = chain.address else {
                throw StartFailure("auxiliaries: \(chain.name) needs flavour, chainId and address")
            }
            kind = .auxPow(flavour: AuxPowFlavour(flavour), chain: ChainID(number), address: address)
        }
        self.init(name: chain.name, kind: kind, nodes: [NodeEndpoint(chain)])
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
    init(_ chain: PoolConfiguration.Auxiliary) {
        let credentials: NodeCredentials =
            if let user = chain.user {
                .password(HTTPCredentials(user: user, password: chain.password?.revealed ?? ""))
            } else {
                .none
            }
        self.init(name: chain.name, url: chain.url, credentials: credentials)
    }
}
