import Accounting

extension PayoutDesk: PayoutSource {
    func plans(chain: String?) async throws(AdminFailure) -> [PayoutPlanView] {
        var views: [PayoutPlanView] = []
        for chain in try known(chain) {
            let settings = settings(of: chain)
            let next = try await lane.ask { [ledger] () throws(LedgerError) in
                try ledger.planPayout(chain: chain, minimum: settings.minimum, limit: settings.limit)
            }
            views.append(
                PayoutPlanView(
                    chain: chain,
                    hasWallet: hasWallet(chain),
                    minimum: settings.minimum,
                    decimals: settings.decimals,
                    plan: next
                )
            )
        }
        return views
    }

    func payouts(chain: String?, limit: Int) async throws(AdminFailure) -> [PayoutView] {
        if chain != nil { _ = try known(chain) }
        return try await lane.ask { [ledger] () throws(LedgerError) in try ledger.payouts(chain: chain, limit: limit) }.map { view($0) }
    }

    func send(chain: String) async throws(AdminFailure) -> [PayoutView] {
        _ = try known(chain)
        do throws(PayoutFailure) {
            return try await pay(chain: chain).map { view($0) }
        } catch {
            throw AdminFailure(error)
        }
    }

    func planOutside(chain: String) async throws(AdminFailure) -> PayoutView {
        _ = try known(chain)
        return view(try answered { () throws(PayoutFailure) in try openOutside(chain: chain) })
    }

    func settle(chain: String, txid: String) async throws(AdminFailure) -> PayoutView {
        _ = try known(chain)
        return view(try answered { () throws(PayoutFailure) in try settleOutside(chain: chain, txid: txid) })
    }

    func cancel(payout: Int64) async throws(AdminFailure) {
        try answered { () throws(PayoutFailure) in try giveBack(payout) }
    }

    func bump(payout: Int64, feeRate: Double?) async throws(AdminFailure) -> PayoutView {
        do throws(PayoutFailure) {
            return view(try await replace(payout, feeRate: feeRate))
        } catch {
            throw AdminFailure(error)
        }
    }

    private func view(_ payout: Payout) -> PayoutView {
        PayoutView(payout: payout, trouble: trouble(of: payout.id)?.description, decimals: settings(of: payout.chain).decimals)
    }

    private func known(_ chain: String?) throws(AdminFailure) -> [String] {
        guard let chain else { return chains }
        guard chains.contains(chain) else { throw .notFound("no chain \(chain) is configured; there are \(chains.joined(separator: ", "))") }
        return [chain]
    }

    private func answered<Result>(_ body: () throws(PayoutFailure) -> Result) throws(AdminFailure) -> Result {
        do throws(PayoutFailure) {
            return try body()
        } catch {
            throw AdminFailure(error)
        }
    }
}

extension AdminFailure {
    init(_ failure: PayoutFailure) {
        self =
            switch failure {
            case .nothingDue, .notThere: .notFound(failure.description)
            case .noWallet: .unusable(failure.description)
            case .busy, .overtaken, .node, .wallet, .wrongTransaction, .refused, .ledger: .unavailable(failure.description)
            }
    }
}

extension PoolService {
    var payouts: (any PayoutSource)? { payoutDesk }
    var bans: (any BanSource)? { server }
}
