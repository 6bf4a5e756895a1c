import Foundation
import Synchronization

@testable import Pool

/// A pool with something of everything for the dashboard to show. Its clock is the test's own, so that charts have a present.
final class PageSource: AdminSource, BooksSource {
    static let account = "bcrt1qqypqxpq9qcrsszg2pvxq6rs0zqg3yyc5phstwt"
    /// A name that would run a script if it ever became markup.
    static let hostile = "<img src=x onerror=document.title='owned'>"
    static let solved = "00000000" + String(repeating: "5a", count: 28)

    let fake = FakeSource()
    /// What charts asked for.
    let queries = Mutex<[ShareQuery]>([])
    private let now = Int(Date().timeIntervalSince1970)

    init() {
        fake.state.withLock { state in
            state.status.auxiliaries = [chain("rootstock", "rsk", "working"), chain("namecoin", "auxpow", "starved")]
            state.status.ledger.durability = "full"
            state.workers[0].account = Self.account
            state.workers[0].lastShare = now - 5
            state.workers[1].worker = Self.hostile
            state.blocks[0].hash = Self.solved
            state.blocks[0].worker = Self.account + ".axe1"
            state.blocks[0].time = now - 600
        }
    }

    private func chain(_ name: String, _ kind: String, _ state: String) -> AuxiliaryView {
        var view = AuxiliaryView()
        view.name = name
        view.kind = kind
        view.state = state
        view.height = 7_000_001
        view.workAge = 12
        view.found = 5
        view.accepted = 4
        view.uncle = 1
        if state == "starved" { view.neededDifficulty = 0.25 }
        return view
    }

    func status() async throws(AdminFailure) -> PoolStatus { try await fake.status() }
    func miners() async throws(AdminFailure) -> [MinerRow] { try await fake.miners() }
    func workers(account: String?) async throws(AdminFailure) -> [WorkerRow] { try await fake.workers(account: account) }
    func blocks(account: String?, limit: Int) async throws(AdminFailure) -> [BlockRow] {
        try await fake.blocks(account: account, limit: limit)
    }
    func auxiliaries() async throws(AdminFailure) -> [AuxiliaryView] { try await fake.auxiliaries() }
    func metrics() async -> [Metric] { [] }
    func perform(_ action: AdminAction) async throws(AdminFailure) -> Int { try await fake.perform(action) }
    var books: (any BooksSource)? { self }

    func auxiliaryBlocks(account: String?, limit: Int) async throws(AdminFailure) -> [AuxiliaryBlockRow] {
        let rows = [("rootstock", "1381309152000000000"), ("namecoin", "312500000")]
        return rows.map { name, reward in
            AuxiliaryBlockRow(
                chain: name,
                height: 7_000_000,
                hash: String(repeating: "ab", count: 32),
                parentHash: Self.solved,
                worker: Self.account + ".axe1",
                reward: reward,
                answer: "accepted",
                state: "immature",
                time: now - 600
            )
        }
    }

    func rounds(chain: String?, limit: Int) async throws(AdminFailure) -> [RoundRow] {
        (1...12).map { index in
            RoundRow(
                chain: "bitcoin",
                round: 13 - index,
                from: now - 3600 * (index + 1),
                to: now - 3600 * index,
                weight: 1 << 40,
                effort: [0.4, 1.3, 2.6][index % 3],
                root: String(repeating: "0", count: 64),
                scheme: "pplns",
                state: "payable",
                reward: 312_512_345,
                height: 153 - index,
                block: Self.solved,
                decimals: 8
            )
        }
    }

    func balances(account: String?) async throws(AdminFailure) -> [BalanceRow] {
        [
            BalanceRow(
                account: account ?? "",
                chain: "bitcoin",
                immature: 312_512_345,
                payable: 5_000_000,
                sending: 0,
                paid: 12_500_000_000,
                address: account,
                decimals: 8
            ),
            BalanceRow(
                account: account ?? "",
                chain: "rootstock",
                immature: 1_381_309_152_000_000_000,
                payable: 40,
                sending: 0,
                paid: 0,
                address: nil,
                decimals: 18
            ),
        ]
    }

    /// A hashrate that swings, with refused shares now and then.
    func shares(_ query: ShareQuery) async throws(AdminFailure) -> [ShareWindowRow] {
        queries.withLock { $0.append(query) }
        let last = now / query.span * query.span
        return stride(from: last, to: max(query.since, last - 60 * query.span), by: -query.span).map { start in
            let place = Double(start / query.span)
            let rate = 95e12 + 9e12 * sin(place / 7) + 3e12 * sin(place * 1.7)
            return ShareWindowRow(
                start: start,
                span: query.span,
                account: query.account ?? "",
                worker: "",
                accepted: 720,
                weight: UInt128(rate * Double(min(query.span, now - start))),
                acceptedDifficulty: 1,
                rejected: ["stale": Int(place) % 5, "low-difficulty": Int(place) % 3, "duplicate": Int(place) % 11 == 0 ? 4 : 0]
            )
        }
    }

    func accounts() async throws(AdminFailure) -> [AccountRow] { [] }
    func proof(chain: String, round: Int, account: String) async throws(AdminFailure) -> RoundProof { throw .notFound("no round") }
    func set(_ setting: AccountSetting) async throws(AdminFailure) {}
    func claim(_ claim: AddressClaim) async throws(AdminFailure) {}
    func begin(_ work: LongWork.Kind) async throws(AdminFailure) -> LongWork.Progress { throw .unavailable("not here") }
    func progress(of work: Int) async throws(AdminFailure) -> LongWork.Progress { throw .notFound("no work") }
}
