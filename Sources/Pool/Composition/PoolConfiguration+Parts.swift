package import Accounting
import Bitcoin
import HTTP
package import Stratum

// What each part of the pool takes from the configuration.

extension LedgerSettings {
    init(_ configuration: PoolConfiguration) {
        let store =
            switch configuration.accounting.store {
            case .sqlite(let path): "sqlite:" + path
            case .postgresql(let url): url.revealed
            }
        self.init(
            store: store,
            dataFolder: configuration.data,
            durability: configuration.accounting.durability == .full ? .full : .relaxed,
            instance: Int(configuration.instance)
        )
        chains = configuration.chainTerms
    }
}

extension NodeEndpoint {
    init(_ node: PoolConfiguration.Node) {
        let credentials: NodeCredentials =
            if let cookie = node.cookieFile {
                .cookieFile(cookie)
            } else if let user = node.user {
                .password(HTTPCredentials(user: user, password: node.password?.revealed ?? ""))
            } else {
                .none
            }
        self.init(name: node.url, url: node.url, credentials: credentials)
    }
}

extension JobMaker.Settings {
    init(_ configuration: PoolConfiguration, run: RunNumber) throws(StartFailure) {
        let payout = configuration.coinbase.payout?.script
        guard payout != nil || !configuration.hasMiners else {
            throw StartFailure("coinbase.address: a pool with miners needs an address that its blocks pay to")
        }
        self.init(
            chain: configuration.chain,
            run: run,
            // Without miners no job is made.
            payout: payout ?? Script(),
            tag: configuration.coinbase.tag,
            // A job serves every listener, so the bits of all masks are cleared.
            versionMask: configuration.stratum.reduce(0) { $0 | $1.versionMask }
        )
    }
}

extension StratumSettings {
    /// - Parameter fixed: one share difficulty for every connection, variable difficulty off.
    init(_ configuration: PoolConfiguration, fixed: Double?) throws(TLSError) {
        var listeners: [Stratum.StratumListener] = []
        for listener in configuration.stratum { listeners.append(try Stratum.StratumListener(listener, fixed: fixed)) }
        self.init(listeners: listeners)
        guardSettings.connectionsPerAddress = configuration.limits.connectionsPerAddress
        departureTime = .seconds(configuration.limits.departureSeconds)
        instance = configuration.instance
    }
}

extension Stratum.StratumListener {
    init(_ listener: PoolConfiguration.StratumListener, fixed: Double?) throws(TLSError) {
        var tls: TLSContext?
        if let files = listener.tls { tls = try TLSContext(certificate: files.certificate, key: files.key) }
        self.init(
            address: listener.listen.description,
            versionMask: listener.versionMask,
            difficulty: DifficultySettings(listener.difficulty, fixed: fixed),
            tls: tls,
            trustedProxies: listener.proxyProtocol?.trusted.compactMap { AddressRange($0) } ?? []
        )
    }
}

extension DifficultySettings {
    /// - Parameter fixed: one share difficulty for every connection.
    init(_ difficulty: PoolConfiguration.Difficulty, fixed: Double? = nil) {
        self.init(
            start: difficulty.start,
            minimum: difficulty.min,
            maximum: difficulty.max,
            sharesPerMinute: difficulty.sharesPerMinute,
            fixed: fixed
        )
    }
}

extension ShareEntry {
    package init(_ record: ShareRecord) {
        self.init(worker: record.worker, reason: record.reason, weight: record.weight, difficulty: record.difficulty)
    }
}

extension PoolConfiguration {
    /// False for a gateway alone, which makes no jobs.
    var hasMiners: Bool { !stratum.isEmpty }
}
