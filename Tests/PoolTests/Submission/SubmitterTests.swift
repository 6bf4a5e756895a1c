import Accounting
import Bitcoin
import Hashing
import Stratum
import Synchronization
import Testing

@testable import Pool

/// A node that answers by a script.
final class ScriptedNode: BlockReceiver {
    private let answers: Mutex<[SubmissionTally.Answer]>
    private let received = Atomic<Int>(0)
    private let depth: BlockWatch.Depth?

    /// - Parameter answers: one for each submission; the last one is repeated.
    init(_ answers: [SubmissionTally.Answer], depth: BlockWatch.Depth? = nil) {
        self.answers = Mutex(answers)
        self.depth = depth
    }

    var submissions: Int { received.load(ordering: .relaxed) }

    func submit(_ block: BlockSubmission, answer: @escaping @Sendable (SubmissionTally.Answer) -> Void) {
        received.add(1, ordering: .relaxed)
        let next = answers.withLock { $0.count > 1 ? $0.removeFirst() : $0[0] }
        answer(next)
    }

    func depth(of hash: String, height: Int64) async -> BlockWatch.Depth? { depth }
}

/// A node that has one block on its chain, and answers nothing else.
private struct KnowingNode: BlockReceiver {
    let known: String

    func submit(_ block: BlockSubmission, answer: @escaping @Sendable (SubmissionTally.Answer) -> Void) { answer(.ambiguous) }
    func depth(of hash: String, height: Int64) async -> BlockWatch.Depth? { hash == known ? .confirmations(1) : nil }
}

/// Keeps the news of blocks, and tells when one is final.
final class RecordingBook: BlockBook {
    private let states = Mutex<[String: [BlockState]]>([:])
    private let final: AsyncStream<String>.Continuation
    let finals: AsyncStream<String>

    init() {
        (finals, final) = AsyncStream.makeStream()
    }

    func write(_ block: FoundBlock, by source: BlockNews.Source, answer: String?, then: @escaping @Sendable () -> Void) {
        states.withLock { $0[block.hash, default: []].append(block.state) }
        then()
        if [.accepted, .stale, .rejected].contains(block.state) { final.yield(block.hash) }
    }

    func openBlocks(of chain: String) -> [BlockRecord] { [] }
    func lostBlocks(of chain: String) -> [BlockRecord] { [] }
    func states(of hash: String) -> [BlockState] { states.withLock { $0[hash] ?? [] } }
}

@Suite("Solved blocks on their way to the nodes")
struct SubmitterTests {
    private final class Setup: Sendable {
        let folder: TemporaryFolder
        let ledger: Ledger
        let book = RecordingBook()
        let journal: BlockJournal
        let submitter: Submitter

        init(_ nodes: [any BlockReceiver]) throws {
            folder = try TemporaryFolder()
            ledger = try Ledger(LedgerSettings(dataFolder: folder.path))
            journal = try BlockJournal(folder: folder.path + "/journal")
            submitter = Submitter(nodes: nodes, journal: journal, book: book, workers: ledger.workers)
            submitter.start()
        }

        deinit { submitter.stop() }

        /// Finds a solution with a hash of its own.
        func find(_ number: UInt8, on job: Job) {
            submitter.found(
                Solution(
                    job: job,
                    extranonce: [UInt8](repeating: number, count: JobMaker.extranonceSize),
                    version: job.version,
                    time: job.time,
                    nonce: UInt32(number),
                    hash: SubmitterTests.hash(number),
                    worker: ledger.workers.handle(account: "a", worker: "w") ?? 0,
                    goals: 1,
                    readAt: 0
                )
            )
        }

        func left() throws -> [String] { try journal.entries { _ in }.map(\.hash) }
    }

    static func hash(_ number: UInt8) -> Hash256 { Hash256(number: UInt256(high: 0, low: UInt128(number))) }

    private func job() async throws -> Job {
        let sink = RecordingSink()
        let maker = JobMaker(settings: JobFixture.settings(), sink: sink)
        await maker.take(.template(try JobFixture.template(tip: 1)))
        return try #require(sink.jobs.first)
    }

    @Test("an accepted block leaves the journal; what is found after it is not sent")
    func accepted() async throws {
        let nodes = [ScriptedNode([.rejected("x")]), ScriptedNode([.accepted])]
        let setup = try Setup(nodes)
        let job = try await job()
        setup.find(1, on: job)
        var finals = setup.book.finals.makeAsyncIterator()
        #expect(await finals.next() == SubmitterTests.hash(1).displayHex)
        #expect(setup.book.states(of: SubmitterTests.hash(1).displayHex) == [.found, .accepted])
        setup.find(2, on: job)
        #expect(nodes.map(\.submissions) == [1, 1])
        #expect(setup.submitter.accepted == 1)
    }

    @Test("a refused block makes room for the next one that waits")
    func refused() async throws {
        let node = ScriptedNode([.rejected("high-hash"), .accepted])
        let setup = try Setup([node])
        let job = try await job()
        setup.find(1, on: job)
        setup.find(2, on: job)
        var finals = setup.book.finals.makeAsyncIterator()
        #expect(await finals.next() == SubmitterTests.hash(1).displayHex)
        // The second waits for the first's refusal or came after it; either way it is sent and taken.
        #expect(await finals.next() == SubmitterTests.hash(2).displayHex)
        #expect(setup.book.states(of: SubmitterTests.hash(1).displayHex).last == .rejected)
        #expect(setup.book.states(of: SubmitterTests.hash(2).displayHex).last == .accepted)
    }

    @Test("without a definite answer it stays in the journal and is asked about again")
    func ambiguous() async throws {
        let node = ScriptedNode([.ambiguous, .ambiguous, .accepted])
        let setup = try Setup([node])
        setup.find(1, on: try await job())
        var finals = setup.book.finals.makeAsyncIterator()
        #expect(await finals.next() == SubmitterTests.hash(1).displayHex)
        #expect(setup.book.states(of: SubmitterTests.hash(1).displayHex) == [.found, .submitted, .submitted, .accepted])
        #expect(node.submissions == 3)
    }

    @Test("a block whose parent the node has lost is given up once another block stands at its height")
    func lost() async throws {
        let node = ScriptedNode([.ambiguous], depth: .aside(rival: BlockWatch.burial))
        let setup = try Setup([node])
        setup.find(1, on: try await job())
        var finals = setup.book.finals.makeAsyncIterator()
        #expect(await finals.next() == SubmitterTests.hash(1).displayHex)
        #expect(setup.book.states(of: SubmitterTests.hash(1).displayHex).last == .stale)
    }

    @Test("what the next block may still decide is not given up", .timeLimit(.minutes(1)))
    func tied() async throws {
        let node = ScriptedNode([.ambiguous, .ambiguous, .accepted], depth: .aside(rival: 1))
        let setup = try Setup([node])
        setup.find(1, on: try await job())
        var finals = setup.book.finals.makeAsyncIterator()
        #expect(await finals.next() == SubmitterTests.hash(1).displayHex)
        #expect(setup.book.states(of: SubmitterTests.hash(1).displayHex).last == .accepted)
    }

    @Test("after a stale block nothing else on its parent is sent")
    func stale() async throws {
        let node = ScriptedNode([.stale])
        let setup = try Setup([node])
        let job = try await job()
        setup.find(1, on: job)
        var finals = setup.book.finals.makeAsyncIterator()
        #expect(await finals.next() == SubmitterTests.hash(1).displayHex)
        setup.find(2, on: job)
        #expect(node.submissions == 1)
    }

    private func entry(_ number: UInt8) -> BlockJournal.Entry {
        BlockJournal.Entry(
            chain: Ledger.parentChain,
            height: 7,
            hash: SubmitterTests.hash(number).displayHex,
            account: "a",
            worker: "w",
            foundAt: 1,
            reward: 5,
            networkWeight: 2,
            payload: Array("00".utf8)
        )
    }

    @Test("what a crash left in the journal is worked off at the next start")
    func resumed() async throws {
        let node = ScriptedNode([.accepted])
        let setup = try Setup([node])
        let entry = entry(9)
        try await setup.journal.keep(entry).value.get()
        await setup.submitter.resume()
        #expect(setup.book.states(of: entry.hash) == [.found, .accepted])
        #expect(try setup.left().isEmpty)
    }

    @Test("one that no node decides on keeps no other of the journal waiting", .timeLimit(.minutes(1)), arguments: [8, 9] as [UInt8])
    func resumedBesideOneWithoutEnd(known: UInt8) async throws {
        let setup = try Setup([KnowingNode(known: SubmitterTests.hash(known).displayHex)])
        for number in [8, 9] as [UInt8] { try await setup.journal.keep(entry(number)).value.get() }
        let resumption = Task { await setup.submitter.resume() }
        var finals = setup.book.finals.makeAsyncIterator()
        #expect(await finals.next() == SubmitterTests.hash(known).displayHex)
        resumption.cancel()
        await resumption.value
        #expect(try setup.left() == [SubmitterTests.hash(17 - known).displayHex])
    }
}
