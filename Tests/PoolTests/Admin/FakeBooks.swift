import Accounting
import Bitcoin
import Synchronization

@testable import Pool

/// A ledger's side with fixed rows.
final class FakeBooks: BooksSource {
    struct State: Sendable {
        var settings: [AccountSetting] = []
        var queries: [ShareQuery] = []
    }

    let state = Mutex(State())
    let works = LongWork()

    func rounds(chain: String?, limit: Int) async throws(AdminFailure) -> [RoundRow] {
        let rows = ["bitcoin", "rootstock"].map { name in
            RoundRow(
                chain: name,
                round: 7,
                from: 1_000,
                to: 1_600,
                weight: 1 << 70,
                effort: 1.5,
                root: String(repeating: "ab", count: 32),
                scheme: "pplns",
                state: name == "bitcoin" ? "payable" : "weighed",
                reward: name == "bitcoin" ? 312_500_000 : 0,
                height: 900,
                block: "00ff",
                decimals: name == "bitcoin" ? 8 : 18
            )
        }
        return rows.filter { chain == nil || $0.chain == chain }
    }

    func balances(account: String?) async throws(AdminFailure) -> [BalanceRow] {
        [
            BalanceRow(account: "", chain: "bitcoin", immature: 5, payable: -7, sending: 0, paid: 0, address: nil, decimals: 8),
            BalanceRow(account: "alice", chain: "bitcoin", immature: 0, payable: 1_250_000_000, sending: 1, paid: 2, address: "alice", decimals: 8),
            BalanceRow(
                account: "alice",
                chain: "rootstock",
                immature: 12_345_678_901_234_567_890,
                payable: 0,
                sending: 0,
                paid: 0,
                address: nil,
                decimals: 18
            ),
        ].filter { account == nil || $0.account == account }
    }

    func accounts() async throws(AdminFailure) -> [AccountRow] {
        [AccountRow(account: "alice", since: 1_000, workers: 2, addresses: ["rootstock": "0xab"], fees: ["bitcoin": 0.005])]
    }

    func shares(_ query: ShareQuery) async throws(AdminFailure) -> [ShareWindowRow] {
        state.withLock { $0.queries.append(query) }
        return [
            ShareWindowRow(
                start: 1_200,
                span: query.span,
                account: "alice",
                worker: "axe",
                accepted: 60,
                weight: 6_000_000,
                acceptedDifficulty: 61_440,
                rejected: ["stale": 2, "duplicate": 1]
            )
        ]
    }

    func proof(chain: String, round: Int, account: String) async throws(AdminFailure) -> RoundProof {
        guard account == "alice" else { throw .notFound("no row of \(account)") }
        let root = [UInt8](repeating: 1, count: 32)
        return RoundProof(InclusionProof(chain: chain, round: Int64(round), account: account, weight: 3, total: 4, root: root, path: []))
    }

    func set(_ setting: AccountSetting) async throws(AdminFailure) { state.withLock { $0.settings.append(setting) } }

    func claim(_ claim: AddressClaim) async throws(AdminFailure) {
        if let fault = claim.fault(on: .regtest, now: 1_800_000_000) { throw .unusable(fault) }
        state.withLock { $0.settings.append(AccountSetting(account: claim.account, chain: claim.chain, .address(claim.address))) }
    }

    func begin(_ work: LongWork.Kind) async throws(AdminFailure) -> LongWork.Progress {
        try works.begin(work) { report in
            report.progress(1, of: 2)
            if case .backup(let path) = work {
                if path.hasSuffix("full") { throw LedgerError.diskFull(path: path) }
                return LongWork.Outcome(text: path)
            }
            return LongWork.Outcome(figures: [("rounds", 3)], text: "balance on bitcoin: payable of alice is 1, recomputed 2")
        }
    }

    func progress(of work: Int) async throws(AdminFailure) -> LongWork.Progress {
        guard let progress = works[work] else { throw .notFound("no work \(work)") }
        return progress
    }
}
