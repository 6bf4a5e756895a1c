import Accounting
import Bitcoin
import JSON
import MergeMining
import Synchronization
import Testing

@testable import Pool

/// A node that has taken a block, and does not know its work any more: it would call the same proof stale.
private final class ForgetfulNode: AuxiliaryNode {
    let name = "node"
    let taken: String
    let submissions = Atomic<Int>(0)

    init(taken: String) { self.taken = taken }

    func work() async throws(AuxiliaryNodeError) -> AuxiliaryWork.Content { throw .reply(.member("hash")) }

    func submit(_ solution: AuxiliarySolution) async throws(NodeError) -> JSONValue {
        submissions.add(1, ordering: .relaxed)
        throw .cancelled
    }

    func standing(of block: String, height: Int64) async throws(NodeError) -> AuxiliaryStanding {
        block == taken ? .confirmed(confirmations: 1) : .unknown
    }
}

@Suite("Auxiliary blocks that a run before left in the journal")
struct AuxiliaryLeftoverTests {
    /// The run before had its answer and ended before it was on record.
    @Test("one that its chain has is on record as accepted, and is not sent again", .timeLimit(.minutes(1)))
    func taken() async throws {
        let folder = try TemporaryFolder()
        let ledger = try Ledger(LedgerSettings(store: "sqlite:" + folder.path + "/pool.db", dataFolder: folder.path))
        let journal = try BlockJournal(folder: folder.path + "/journal")
        let block = String(repeating: "5e", count: 32)
        let solution = AuxiliarySolution(
            kind: .auxPow,
            chain: "namecoin",
            node: "node",
            work: block,
            height: 77,
            blockID: block,
            previous: String(repeating: "11", count: 32),
            parentHash: String(repeating: "cd", count: 32),
            reward: "25",
            method: "submitauxblock",
            parameters: [],
            proofSize: 0
        )
        try await journal.keep(BlockJournal.Entry(solution, by: WorkerName(account: "a", worker: "w"), at: 1_800_000_000_000, weight: 1)).value.get()
        let node = ForgetfulNode(taken: block)
        let kind = AuxiliaryChain.Kind.auxPow(flavour: .namecoin, chain: .namecoin, address: "N")
        let submitter = AuxiliarySubmitter(
            set: try AuxiliarySet([(AuxiliaryChain(name: "namecoin", kind: kind, nodes: []), [node])]),
            journal: journal,
            book: LedgerBook(ledger: ledger),
            workers: ledger.workers,
            onAccepted: { _ in }
        )
        let run = Task { await submitter.run() }
        while try !journal.entries(skip: { _ in }).isEmpty { try await Task.sleep(for: .milliseconds(2)) }
        run.cancel()
        #expect(node.submissions.load(ordering: .relaxed) == 0)
        let rows = try ledger.blocks(chain: "namecoin")
        #expect(rows.map(\.hash) == [block] && rows.map(\.state) == [.accepted])
        try ledger.close()
    }
}
