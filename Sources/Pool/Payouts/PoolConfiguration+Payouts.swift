import Accounting
import Bitcoin
import HTTP

extension PoolConfiguration {
    /// How each chain's accounts are paid.
    var payoutSettings: [String: PayoutSettings] {
        var settings = [
            Ledger.parentChain: PayoutSettings(payouts, chain: Ledger.parentChain, hasWallet: true, decimals: 8)
        ]
        for chain in auxiliaries {
            settings[chain.name] = PayoutSettings(
                payouts,
                chain: chain.name,
                hasWallet: payouts.wallets[chain.name] != nil,
                decimals: chain.kind == .rsk ? 18 : 8
            )
        }
        return settings
    }

    /// The wallets that the pool drives, by chain.
    func payoutWallets(http: HTTPClient) -> [String: any PayoutWallet] {
        var wallets: [String: any PayoutWallet] = [:]
        let add = { (chain: String, endpoint: NodeEndpoint) in
            var endpoint = endpoint
            if let name = payouts.wallets[chain] { endpoint.url = endpoint.url.atWallet(name) }
            wallets[chain] = NodeWallet(client: NodeClient(endpoint, http: http), accountsBearFee: payouts.feeFrom == .accounts)
        }
        if let node = nodes.first { add(Ledger.parentChain, NodeEndpoint(node)) }
        for chain in auxiliaries where chain.hasWalletOfCore && payouts.wallets[chain.name] != nil {
            add(chain.name, NodeEndpoint.nodes(of: chain)[0])
        }
        return wallets
    }
}

extension PoolConfiguration.Auxiliary {
    /// Whether its node's wallet speaks as Bitcoin Core's does.
    var hasWalletOfCore: Bool {
        switch flavour {
        case .namecoin, .syscoin, .fractal: true
        case .elastos, nil: false
        }
    }
}

extension String {
    /// The address of one of a node's wallets.
    fileprivate func atWallet(_ name: String) -> String {
        let bare = hasSuffix("/") ? String(dropLast()) : self
        return bare + "/wallet/" + name
    }
}
