import Pool
import Synchronization

/// A pool that answers what a test says.
final class FakeSource: AdminSource {
    struct State {
        var status = FakeSource.status
        var miners = FakeSource.miners
        var workers = FakeSource.workers
        var blocks = FakeSource.blocks
        var metrics: [Metric] = []
        var failure: AdminFailure?
        var actions: [AdminAction] = []
    }

    let state = Mutex(State())
    let ledger = FakeBooks()
    var books: (any BooksSource)? { ledger }

    private func answer<Value: Sendable>(_ value: (inout State) -> Value) throws(AdminFailure) -> Value {
        let (value, failure) = state.withLock { (value(&$0), $0.failure) }
        if let failure { throw failure }
        return value
    }

    func status() async throws(AdminFailure) -> PoolStatus { try answer { $0.status } }
    func miners() async throws(AdminFailure) -> [MinerRow] { try answer { $0.miners } }
    func workers(account: String?) async throws(AdminFailure) -> [WorkerRow] {
        try answer { $0.workers.filter { account == nil || $0.account == account } }
    }
    func blocks(account: String?, limit: Int) async throws(AdminFailure) -> [BlockRow] {
        try answer { Array($0.blocks.filter { account.map($0.worker.hasPrefix) ?? true }.prefix(limit)) }
    }
    func auxiliaries() async throws(AdminFailure) -> [AuxiliaryView] { try await status().auxiliaries }

    func auxiliaryBlocks(account: String?, limit: Int) async throws(AdminFailure) -> [AuxiliaryBlockRow] {
        let row = AuxiliaryBlockRow(
            chain: "namecoin",
            height: 7,
            hash: String(repeating: "ab", count: 32),
            parentHash: String(repeating: "cd", count: 32),
            worker: "a.rig",
            reward: "340282366920938463463374607431768211455",
            answer: "accepted",
            state: "immature",
            time: 1_800_000_000
        )
        return Array([row].prefix(limit))
    }

    func metrics() async -> [Metric] { state.withLock { $0.metrics } }
    func perform(_ action: AdminAction) async throws(AdminFailure) -> Int {
        try answer {
            $0.actions.append(action)
            return 2
        }
    }

    static var status: PoolStatus {
        var status = PoolStatus()
        status.uptime = 11_520
        status.chain = "regtest"
        status.height = 153
        status.connections = 3
        status.workers = 2
        status.hashrate = [
            HashrateFigure(span: "1m", hashesPerSecond: 12_300_000), HashrateFigure(span: "5m", hashesPerSecond: 12_100_000),
            HashrateFigure(span: "15m", hashesPerSecond: 12_000_000), HashrateFigure(span: "1h", hashesPerSecond: 11_900_000),
            HashrateFigure(span: "6h", hashesPerSecond: 11_900_000), HashrateFigure(span: "1d", hashesPerSecond: 11_900_000),
            HashrateFigure(span: "7d", hashesPerSecond: 0),
        ]
        status.accepted = 12_345
        status.rejected = ["duplicate": 1, "stale": 2]
        status.blocks = 12
        status.networkDifficulty = 0.0025
        status.expectedSeconds = 5.2
        status.effort = 0.73
        status.luck = 1.04
        status.bestShare = 65_536
        status.engine = "avx512vl"
        var node = NodeView()
        node.url = "http://127.0.0.1:18443"
        node.state = "ready"
        node.height = 153
        node.active = true
        var lost = NodeView()
        lost.url = "http://127.0.0.1:18543"
        lost.state = "failed"
        lost.lastError = "cannot be reached: Connection refused"
        status.nodes = [node, lost]
        return status
    }

    static var miners: [MinerRow] {
        [
            MinerRow(
                connection: 17,
                address: "192.0.2.7:40112",
                agent: "bitaxe/BM1370/v2.9.0",
                account: "bcrt1qqypqxpq9qcrsszg2pvxq6rs0zqg3yyc5phstwt",
                worker: "axe1",
                difficulty: 1024,
                since: 1_700_000_000,
                lastShare: 1_700_000_090
            ),
            MinerRow(
                connection: 18,
                address: "[2001:db8::1]:3133",
                agent: "",
                account: "",
                worker: "",
                difficulty: 0.00015,
                since: 1_700_000_099,
                lastShare: nil
            ),
        ]
    }

    static var workers: [WorkerRow] {
        [
            WorkerRow(
                account: "alice",
                worker: "axe1",
                accepted: 12_000,
                acceptedDifficulty: 12_288_000,
                rejected: ["stale": 2],
                difficulty: 1024,
                lastShare: 1_700_000_090,
                hashrate: FakeSource.status.hashrate,
                bestShare: 65_536
            ),
            WorkerRow(
                account: "bob",
                worker: "",
                accepted: 345,
                acceptedDifficulty: 0.05175,
                rejected: [:],
                difficulty: nil,
                lastShare: 1_699_990_000,
                hashrate: []
            ),
        ]
    }

    static var blocks: [BlockRow] {
        [
            BlockRow(
                height: 153,
                hash: "0000000000cdd305efb7cb9d86c7dc8eccf504a32fdf781ea053f87b6f5b3642",
                worker: "alice.axe1",
                time: 1_700_000_080,
                state: "accepted",
                reward: 2_500_012_345,
                effort: 0.731
            ),
            BlockRow(
                height: 152,
                hash: String(repeating: "0", count: 64),
                worker: "bob",
                time: 1_699_900_000,
                state: "orphaned",
                reward: 5_000_000_000
            ),
        ]
    }
}
