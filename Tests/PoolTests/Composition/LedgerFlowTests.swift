import Accounting
import Bitcoin
import Embedded
import Hashing
import JSON
import Synchronization
import Testing

@testable import Pool

/// Blocks of a real node through the whole pool, their money watched through `poolctl` alone.
@Suite("Money through a whole pool", .serialized)
struct LedgerFlowTests {
    /// About 2,000 hashes a block, so that the test itself can mine.
    private static let bits: UInt32 = 0x1f1f_ffff

    /// A pool with its socket.
    private final class Setup: Sendable {
        let pool: WholePool
        let admin: AdminServer
        let follower: BlockFollower
        let socket: String

        init(configure: (inout PoolConfiguration) -> Void = { _ in }) async throws {
            let pool = try await WholePool(bits: LedgerFlowTests.bits, difficulty: 1e-7, configure: configure)
            self.pool = pool
            socket = pool.folder.path + "/poold.sock"
            admin = try AdminServer(source: pool.service, socketPath: socket, listen: nil, token: nil, isPublic: true)
            follower = BlockFollower(nodes: pool.service.nodes, book: LedgerBook(ledger: pool.service.ledger))
        }

        func stop() async {
            await admin.stop()
            await pool.stop()
        }

        /// Mines at least `count` blocks, and waits until the books show all that are in the chain.
        func mine(_ count: Int) async throws {
            let miner = try pool.miner("rig")
            miner.start()
            _ = await pool.blocks(count)
            await miner.stop()
            try await settle { $0.count >= count && $0.allSatisfy { !["found", "submitted", "accepted"].contains($0.state) } }
        }

        /// Looks after the blocks until they are as wanted.
        func settle(_ isDone: ([BlockRow]) -> Bool) async throws {
            var rows: [BlockRow] = []
            repeat {
                await follower.look()
                rows = try await pool.service.blocks(account: nil, limit: 10_000)
            } while !isDone(rows)
            try pool.service.ledger.settleRounds()
        }

        func ask(_ command: String...) async throws -> (code: ExitCode, value: JSONValue) {
            let output = Mutex("")
            var program = PoolctlProgram()
            program.write = { text, stream in if stream == .output { output.withLock { $0 += text } } }
            let code = await program.main(["--socket", socket, "--json"] + command)
            return (code, try JSONValue(parsing: Array(output.withLock { $0 }.utf8)))
        }

        /// The money of an account, and of the pool where none is named.
        func balance(_ account: String) async throws -> (immature: Int64, payable: Int64, paid: Int64) {
            let rows = try await ask("balances").value.array ?? []
            let row = rows.first { $0["account"]?.string == account && $0["chain"] == "bitcoin" }
            return (row?["immature"]?.integer ?? 0, row?["payable"]?.integer ?? 0, row?["paid"]?.integer ?? 0)
        }
    }

    @Test("found, accepted, mature, payable; and found, orphaned, taken back", .timeLimit(.minutes(2)))
    func maturesAndIsOrphaned() async throws {
        let setup = try await Setup { $0.accounting.fee = 0.03 }
        let account = try #require(WholePool.account).description
        try await setup.mine(2)
        let rewards = try await setup.pool.service.blocks(account: nil, limit: 10_000).filter { $0.state == "immature" }
        let all = rewards.reduce(0) { $0 + Int64($1.reward) }
        let fee = rewards.reduce(0) { $0 + Int64($1.reward) * 3 / 100 }
        #expect(try await setup.balance(account) == (all - fee, 0, 0))
        #expect(try await setup.balance("") == (fee, 0, 0))

        // Somebody's longer chain has another block in the last one's place.
        let lost = try #require(rewards.max { $0.height < $1.height })
        await setup.pool.node.invalidateTip()
        #expect(try await setup.pool.node.generate(3))
        try await setup.settle { $0.contains { $0.hash == lost.hash && $0.state == "orphaned" } }
        let rest = all - Int64(lost.reward)
        let restOfFee = fee - Int64(lost.reward) * 3 / 100
        #expect(try await setup.balance(account) == (rest - restOfFee, 0, 0))
        #expect(try await setup.balance("") == (restOfFee, 0, 0))

        // With the 101st confirmation it is mature.
        #expect(try await setup.pool.node.generate(96))
        await setup.follower.look()
        try setup.pool.service.ledger.settleRounds()
        let lastHeight = rewards.map(\.height).filter { $0 != lost.height }.max() ?? 0
        let tip = Int(await setup.pool.node.chain.height)
        // The last block that is left stands one below the lost one: three others and 96 are above it.
        #expect(tip - lastHeight + 1 == 100)
        #expect(try await setup.pool.service.blocks(account: nil, limit: 10_000).contains { $0.height == lastHeight && $0.state == "immature" })
        #expect(try await setup.pool.node.generate(1))
        try await setup.settle { $0.allSatisfy { $0.state == "confirmed" || $0.hash == lost.hash } }
        #expect(try await setup.balance(account) == (0, rest - restOfFee, 0))
        #expect(try await setup.balance("") == (0, restOfFee, 0))

        let rounds = try await setup.ask("rounds").value.array ?? []
        #expect(rounds.filter { $0["state"] == "reversed" }.compactMap { $0["block"]?.string } == [lost.hash])
        #expect(rounds.filter { $0["state"] == "payable" }.count == rewards.count - 1)
        for name in ["chain", "round", "from", "to", "weight", "effort", "root"] { #expect(rounds.allSatisfy { $0[name] != nil }, "\(name)") }
        let audit = try await setup.ask("audit", "ledger")
        #expect(audit.code == .done)
        #expect(audit.value["clean"] == true)
        try await provesARound(setup, rounds, account)
        await setup.stop()
    }

    private func provesARound(_ setup: Setup, _ rounds: [JSONValue], _ account: String) async throws {
        let number = try #require(rounds.first?["round"]?.integer)
        let proof = try await setup.ask("audit", "round", "\(number)", "--account", account).value
        #expect(proof["root"] == rounds.first?["root"])
        #expect(proof["weight"] == proof["total"])
        let verdict = AuditVerifyCommand(bytes: proof.serialized(), publishedRoot: rounds.first?["root"]?.string).verdict(asJSON: false)
        #expect(verdict.code == .done)
        #expect(
            AuditVerifyCommand(bytes: proof.serialized(), publishedRoot: String(repeating: "0", count: 64)).verdict(asJSON: false).code == .failure
        )
    }

    @Test("a SOLO block pays its finder and the fee by its own coinbase, and is booked so", .timeLimit(.minutes(2)))
    func solo() async throws {
        let setup = try await Setup {
            $0.accounting.scheme = .solo
            $0.accounting.fee = 0.02
        }
        let account = try #require(WholePool.account)
        #expect(try await setup.ask("accounts", "set", account.description, "--fee", "bitcoin=0.005").code == .done)
        try await setup.mine(1)
        let rows = try await setup.pool.service.blocks(account: nil, limit: 10_000).filter { $0.state == "immature" }
        let chain = await setup.pool.node.chain
        var paid: Int64 = 0
        var fees: Int64 = 0
        for row in rows {
            let entry = try #require(chain.hash(atHeight: row.height).flatMap(chain.entry))
            let coinbase = try #require(try chain.block(of: entry).transactions.first)
            let outputs = Dictionary(coinbase.outputs.map { ($0.script, $0.value) }, uniquingKeysWith: +)
            paid += outputs[account.script] ?? 0
            fees += outputs[JobFixture.payout] ?? 0
            #expect(outputs[JobFixture.payout] == Int64(row.reward) * 5 / 1000)
        }
        #expect(try await setup.balance(account.description) == (paid, 0, 0))
        #expect(try await setup.balance("") == (fees, 0, 0))
        #expect(try await setup.pool.node.generate(100))
        try await setup.settle { $0.allSatisfy { $0.state == "confirmed" } }
        #expect(try await setup.balance(account.description) == (0, 0, paid))
        #expect(try await setup.balance("") == (0, fees, 0))
        #expect(try await setup.ask("audit", "ledger").code == .done)
        await setup.stop()
    }

    @Test("FPPS publishes subsidy and average fees, and credits shares out of the pool's own money", .timeLimit(.minutes(2)))
    func fullPayPerShare() async throws {
        let setup = try await Setup {
            $0.accounting.scheme = .fpps
            $0.accounting.fee = 0
            $0.accounting.pps.floor = ["bitcoin": -21_000_000_0000_0000]
        }
        let account = try #require(WholePool.account).description
        try await setup.mine(1)
        var pay = try await setup.pool.service.status().pay
        while pay.first?.reward == nil { pay = try await setup.pool.service.status().pay }
        let template = try #require(await setup.pool.service.jobs.current)
        #expect(pay.first?.scheme == "fpps")
        #expect(UInt128(template.coinbaseValue - template.fees) + (pay.first?.fees ?? 0) == pay.first?.reward)
        #expect(try setup.pool.service.ledger.creditShares())
        let figures = setup.pool.service.ledger.poolFigures
        let earned = try await setup.balance(account).payable
        // One rate held all the time: reward times weight over the network's weight, less than one unit below.
        let rate = Double(try #require(pay.first?.reward)) / Double(template.target.weight)
        #expect(abs(Double(earned) - rate * Double(figures.weight)) <= max(2, 0.05 * rate * Double(figures.weight)))
        #expect(earned > 0)
        #expect(try await setup.balance("").payable == -earned)
        #expect(try await setup.ask("audit", "ledger").code == .done)
        await setup.stop()
    }
}
