import Accounting
import Bitcoin
import JSON
import MergeMining
import Testing

@testable import Pool

/// A node that says of each block what a test says, or never answers.
private struct StandingNode: AuxiliaryNode {
    var name = "node"
    let standings: [String: AuxiliaryStanding]

    func work() async throws(AuxiliaryNodeError) -> AuxiliaryWork.Content { throw .reply(.member("hash")) }
    func submit(_ solution: AuxiliarySolution) async throws(NodeError) -> JSONValue { throw .cancelled }
    func standing(of block: String, height: Int64) async throws(NodeError) -> AuxiliaryStanding {
        guard let standing = standings[block] else { throw .timedOut(sent: true) }
        return standing
    }
}

@Suite("What becomes of auxiliary blocks")
struct AuxiliaryFollowerTests {
    @Test("they follow their chain's confirmations, and are orphaned when it drops them")
    func follow() async throws {
        let folder = try TemporaryFolder()
        let ledger = try Ledger(LedgerSettings(store: "sqlite:" + folder.path + "/pool.db", dataFolder: folder.path))
        // What the chain says, the state before, and the state after two looks at a chain that wants three confirmations.
        let cases: [(hash: String, says: AuxiliaryStanding?, before: BlockState, after: BlockState)] = [
            ("a1", .confirmed(confirmations: 1), .accepted, .immature), ("a2", .confirmed(confirmations: 3), .accepted, .confirmed),
            ("a3", .beside(rival: 3), .immature, .orphaned), ("a4", .beside(rival: 3), .accepted, .stale), ("a5", .ahead, .immature, .immature),
            ("a6", .unknown, .accepted, .accepted), ("a7", nil, .accepted, .accepted), ("a8", .beside(rival: 2), .immature, .immature),
            ("a9", .confirmed(confirmations: 1), .orphaned, .immature), ("b1", .confirmed(confirmations: 3), .stale, .confirmed),
            ("b2", .confirmed(confirmations: 1), .uncle, .immature), ("b3", .beside(rival: 9), .uncle, .uncle),
        ]
        for (index, block) in cases.enumerated() {
            let found = FoundBlock(
                chain: "rootstock",
                height: Int64(100 + index),
                hash: block.hash,
                parentHash: String(repeating: "cd", count: 32),
                worker: nil,
                time: UnixTime.now().milliseconds,
                state: block.before,
                reward: 1,
                networkWeight: 1
            )
            try ledger.recordBlock(found)
        }
        let node = StandingNode(standings: Dictionary(uniqueKeysWithValues: cases.compactMap { row in row.says.map { (row.hash, $0) } }))
        let set = try AuxiliarySet([(AuxiliaryChain(name: "rootstock", kind: .rsk, nodes: []), [node])])
        let book = LedgerBook(ledger: ledger)
        let follower = BlockFollower(nodes: [], auxiliaries: set, maturities: ["rootstock": 3], book: book)
        await follower.look()
        await book.rest()
        await follower.look()
        await book.rest()
        let states = Dictionary(uniqueKeysWithValues: try ledger.blocks(chain: "rootstock").map { ($0.hash, $0.state) })
        for row in cases { #expect(states[row.hash] == row.after, "\(row.hash)") }
        try ledger.close()
    }

    @Test("a node that has the block on its chain outweighs those that have not, in whatever order they are asked")
    func severalNodes() async throws {
        let cases: [(AuxiliaryStanding, AuxiliaryStanding?, AuxiliaryStanding)] = [
            (.beside(rival: 100), .confirmed(confirmations: 2), .confirmed(confirmations: 2)),
            (.ahead, .beside(rival: 4), .beside(rival: 4)),
            (.beside(rival: 1), .beside(rival: 4), .beside(rival: 4)),
            (.unknown, .ahead, .ahead),
            (.beside(rival: 1), nil, .beside(rival: 1)),
        ]
        for (one, other, together) in cases {
            let nodes = [
                StandingNode(name: "one", standings: ["h": one]), StandingNode(name: "other", standings: other.map { ["h": $0] } ?? [:]),
            ]
            let set = try AuxiliarySet([(AuxiliaryChain(name: "rootstock", kind: .rsk, nodes: []), nodes)])
            // Chance says who is first: in twenty rounds each is.
            for _ in 1...20 { #expect(await set.standing(of: "h", height: 1, on: "rootstock") == together) }
        }
    }
}
