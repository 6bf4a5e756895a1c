import Accounting
import Bitcoin
import Glibc
import MergeMining

// What no single row of the table can check: rules between keys.

extension ConfigurationTable {
    static func rootRules(_ root: inout PoolConfiguration, _ place: ConfigurationPlace, _ walk: inout ConfigurationWalk) {
        if root.stratum.isEmpty, root.gateway == nil {
            place.refuse("stratum", "leaves the pool nothing to do: give stratum a listener, or configure the gateway", &walk)
        }
        if !root.stratum.isEmpty {
            if root.nodes.isEmpty { place.refuse("nodes", "must name at least one node: stratum has listeners, and miners need work", &walk) }
            payoutRule(&root, place, &walk)
        }
        gatewayRules(root, place, &walk)
        portRules(root, place, &walk)
        chainRules(root, place, &walk)
        payoutChainRules(root, place, &walk)
        resolvePaths(&root)
        // sun_path holds 108 bytes, the last of them zero.
        if root.admin.socket.utf8.count > 107 {
            let path = root.admin.socket
            place.section("admin")
                .refuse("socket", "is too long for a Unix socket: \(path) has \(path.utf8.count) bytes, allowed are 107", &walk)
        }
    }

    /// The address must be one of the configured chain.
    private static func payoutRule(_ root: inout PoolConfiguration, _ place: ConfigurationPlace, _ walk: inout ConfigurationWalk) {
        guard let text = root.coinbase.address else {
            let coinbase = place.section("coinbase")
            coinbase.refuse(
                "address",
                "is missing; it must be an address of the chain \(root.chain.rawValue), which gets the rewards of found blocks",
                &walk
            )
            return
        }
        do {
            root.coinbase.payout = try Address(parsing: text, chain: root.chain)
        } catch {
            place.section("coinbase").refuse("address", "\(error.reason); \(error.remedy)", &walk)
        }
    }

    /// It must have something to offer, and only to those who may have it.
    private static func gatewayRules(_ root: PoolConfiguration, _ place: ConfigurationPlace, _ walk: inout ConfigurationWalk) {
        guard let gateway = root.gateway else { return }
        if root.auxiliaries.isEmpty {
            place.refuse("gateway", "has no auxiliary chain to offer; name one in auxiliaries, or write gateway: null", &walk)
        }
        if gateway.users.isEmpty, !gateway.listen.isLoopback {
            place.section("gateway").refuse("users", "lets everybody in at \(gateway.listen); name a user, or listen on a loopback address", &walk)
        }
    }

    /// No two listeners may want the same port.
    private static func portRules(_ root: PoolConfiguration, _ place: ConfigurationPlace, _ walk: inout ConfigurationWalk) {
        var listeners: [(path: String, address: ListenAddress)] = root.stratum.enumerated().map { ("stratum[\($0)].listen", $1.listen) }
        if let gateway = root.gateway { listeners.append(("gateway.listen", gateway.listen)) }
        if let admin = root.admin.listen { listeners.append(("admin.listen", admin)) }
        for (index, listener) in listeners.enumerated() {
            guard let other = listeners[..<index].first(where: { $0.address.collides(with: listener.address) }) else { continue }
            walk.add(
                path: listener.path,
                value: JSON5Text.quote(listener.address.description),
                reason: "takes the port of \(other.path); give one of them another",
                offset: place.node.offset
            )
        }
    }

    /// Each auxiliary chain needs a name and a place in the coinbase of its own.
    private static func chainRules(_ root: PoolConfiguration, _ place: ConfigurationPlace, _ walk: inout ConfigurationWalk) {
        let chains = root.auxiliaries
        for (index, chain) in chains.enumerated() {
            let path = "auxiliaries[\(index)]"
            let earlier = chains[..<index]
            if earlier.contains(where: { $0.name == chain.name }) {
                let value = JSON5Text.quote(chain.name)
                walk.add(
                    path: path + ".name",
                    value: value,
                    reason: "is another chain's name too; give each its own",
                    offset: place["auxiliaries"]?.offset
                )
            }
            if chain.kind == .rsk, earlier.contains(where: { $0.kind == .rsk }) {
                let reason = "is the second of this kind; a coinbase can commit to one RSK block only"
                walk.add(path: path + ".kind", value: "\"rsk\"", reason: reason, offset: place["auxiliaries"]?.offset)
            }
        }
        for (index, chain) in chains.enumerated() where chain.name == AdminRouter.parentChain {
            let reason = "is what the ledger calls the parent chain; give this one another name"
            walk.add(path: "auxiliaries[\(index)].name", value: JSON5Text.quote(chain.name), reason: reason, offset: place["auxiliaries"]?.offset)
        }
        let names = [AdminRouter.parentChain] + chains.map(\.name)
        for name in root.accounting.pps.floor.keys.sorted() where !names.contains(name) {
            let near = NearestName.find(name, among: names).map { "; did you mean \($0)?" } ?? ""
            walk.add(
                path: "accounting.pps.floor.\(name)",
                reason: "is no chain of this pool\(near) (chains: \(names.joined(separator: ", ")))",
                offset: place["accounting"]?.offset
            )
        }
        do {
            _ = try AuxiliaryTree.Shape(chains: chains.compactMap { $0.chainID.map { ChainID($0) } })
        } catch {
            place.refuse("auxiliaries", "cannot be served together: \(error)", &walk)
        }
    }

    /// Payouts speak of chains that are mined, and of wallets only where a node has one like Bitcoin Core's.
    private static func payoutChainRules(_ root: PoolConfiguration, _ place: ConfigurationPlace, _ walk: inout ConfigurationWalk) {
        let payouts = place.section("payouts")
        let known = [Ledger.parentChain] + root.auxiliaries.map(\.name)
        let driven = [Ledger.parentChain] + root.auxiliaries.filter(\.hasWalletOfCore).map(\.name)
        for (name, chains, allowed) in [("minimum", Array(root.payouts.minimum.keys), known), ("wallets", Array(root.payouts.wallets.keys), driven)] {
            for chain in chains.sorted() where !allowed.contains(chain) {
                let names = allowed.map(JSON5Text.quote).joined(separator: ", ")
                payouts.refuse(name, "names \(JSON5Text.quote(chain)); allowed are \(names)", &walk)
            }
        }
    }

    static func nodeRules(_ node: inout PoolConfiguration.Node, _ place: ConfigurationPlace, _ walk: inout ConfigurationWalk) {
        switch (node.user, node.password, node.cookieFile) {
        case (nil, nil, .some), (.some, .some, nil): break
        case (nil, nil, nil): place.refuse("user", "is missing; give user and password, or cookieFile", &walk)
        case (_, _, .some): place.refuse("cookieFile", "cannot stand beside user and password; give one or the other", &walk)
        case (.some, nil, nil): place.refuse("password", "is missing; it goes with user", &walk)
        case (nil, .some, nil): place.refuse("user", "is missing; it goes with password", &walk)
        }
    }

    static func difficultyRules(_ difficulty: inout PoolConfiguration.Difficulty, _ place: ConfigurationPlace, _ walk: inout ConfigurationWalk) {
        if let max = difficulty.max, max < difficulty.min {
            place.refuse("max", "is below min, \(JSON5Text.number(difficulty.min)); it must be at least that", &walk)
        } else if difficulty.start < difficulty.min {
            place.refuse("start", "is below min, \(JSON5Text.number(difficulty.min)); it must be at least that", &walk)
        } else if let max = difficulty.max, difficulty.start > max {
            place.refuse("start", "is above max, \(JSON5Text.number(max)); it must be at most that", &walk)
        }
    }

    static func auxiliaryRules(_ chain: inout PoolConfiguration.Auxiliary, _ place: ConfigurationPlace, _ walk: inout ConfigurationWalk) {
        if chain.password != nil, chain.user == nil { place.refuse("user", "is missing; it goes with password", &walk) }
        switch chain.kind {
        case .rsk:
            for name in ["flavour", "chainId", "address"] where place[name] != nil {
                place.refuse(name, "belongs to the kind \"auxpow\"; leave it out", &walk)
            }
        case .auxpow:
            if chain.flavour == nil { place.refuse("flavour", "is missing; the kind \"auxpow\" needs it", &walk) }
            if chain.chainID == nil { place.refuse("chainId", "is missing; the kind \"auxpow\" needs it", &walk) }
            if chain.address == nil { place.refuse("address", "is missing; the kind \"auxpow\" needs it", &walk) }
        }
    }

    static func adminRules(_ admin: inout PoolConfiguration.Admin, _ place: ConfigurationPlace, _ walk: inout ConfigurationWalk) {
        if !admin.isPublic, admin.tokenFile == nil, admin.listen != nil {
            place.refuse("tokenFile", "is missing; with public: false nobody could read anything over HTTP", &walk)
        }
    }

    // MARK: Paths

    /// Makes every path absolute: `data` against the current folder, the others against `data`.
    static func resolvePaths(_ root: inout PoolConfiguration) {
        root.data = absolute(root.data, from: currentFolder())
        let data = root.data
        let resolve = { (path: String) in absolute(path, from: data) }
        for index in root.nodes.indices { root.nodes[index].cookieFile = root.nodes[index].cookieFile.map(resolve) }
        for index in root.stratum.indices {
            guard let tls = root.stratum[index].tls else { continue }
            root.stratum[index].tls?.certificate = resolve(tls.certificate)
            root.stratum[index].tls?.key = resolve(tls.key)
        }
        if case .sqlite(let path) = root.accounting.store { root.accounting.store = .sqlite(path: resolve(path)) }
        root.admin.socket = resolve(root.admin.socket)
        root.admin.tokenFile = root.admin.tokenFile.map(resolve)
    }

    private static func absolute(_ path: String, from folder: String) -> String {
        path.hasPrefix("/") ? path : folder.hasSuffix("/") ? folder + path : "\(folder)/\(path)"
    }

    static func currentFolder() -> String {
        guard let path = getcwd(nil, 0) else { return "/" }
        defer { free(path) }
        return String(cString: path)
    }
}

extension ConfigurationPlace {
    /// The place of an object within this one; this one itself where it is missing.
    func section(_ name: String) -> ConfigurationPlace {
        guard let node = self[name], case .object(let members) = node.value else {
            return ConfigurationPlace(path: path(of: name), node: self.node, members: [])
        }
        return ConfigurationPlace(path: path(of: name), node: node, members: members)
    }
}
