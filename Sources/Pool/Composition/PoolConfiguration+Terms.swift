import Accounting

// How each chain's rewards are divided, and when they are mature.

extension PoolConfiguration {
    /// The parent chain's terms, then each auxiliary chain's.
    var chainTerms: [ChainTerms] {
        let parent = terms(of: Ledger.parentChain, OwnTerms())
        return [parent] + auxiliaries.map { terms(of: $0.name, $0.accounting ?? OwnTerms()) }
    }

    private func terms(of chain: String, _ own: OwnTerms) -> ChainTerms {
        let window = PartsPerMillion(own.window ?? accounting.window) ?? PartsPerMillion(millionths: 2 * PartsPerMillion.one)
        return ChainTerms(
            chain: chain,
            scheme: RewardScheme(own.scheme ?? accounting.scheme, window: window),
            fee: PartsPerMillion(own.fee ?? accounting.fee) ?? .none,
            floor: Int128(accounting.pps.floor[chain] ?? 0)
        )
    }

    /// Confirmations until a reward counts as payable, by auxiliary chain: those configured, else what the kind of chain is known for.
    var maturities: [String: Int64] {
        Dictionary(auxiliaries.map { ($0.name, Int64($0.confirmations ?? ($0.kind == .rsk ? 4000 : 101))) }) { first, _ in first }
    }
}

extension RewardScheme {
    init(_ scheme: PoolConfiguration.Accounting.Scheme, window: PartsPerMillion) {
        self =
            switch scheme {
            case .pplns: .pplns(window: window)
            case .prop: .prop
            case .solo: .solo
            case .pps: .pps
            case .fpps: .fpps
            }
    }
}
