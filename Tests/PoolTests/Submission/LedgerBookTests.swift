import Accounting
import Glibc
import Synchronization
import Testing

@testable import Pool

@Suite("Blocks on record")
struct LedgerBookTests {
    private func block(_ ledger: Ledger, _ state: BlockState) -> FoundBlock {
        var block = FoundBlock(
            chain: Ledger.parentChain,
            height: 7,
            hash: String(repeating: "0", count: 60) + "abcd",
            worker: ledger.workers.handle(account: "a", worker: "w"),
            time: 1_800_000_000_000,
            reward: 5_000_000_000,
            networkWeight: 4_096
        )
        block.state = state
        return block
    }

    @Test("what the ledger cannot take is kept until it can, the newest news alone, and whoever waits is told", .timeLimit(.minutes(1)))
    func stubbornStore() async throws {
        let folder = try TemporaryFolder()
        let ledger = try Ledger(LedgerSettings(dataFolder: folder.path))
        let isFull = Mutex(false)
        let told = Mutex<[String]>([])
        let usual = LedgerBook(ledger: ledger)
        let book = LedgerBook(ledger: ledger, pause: .milliseconds(20)) { block, source, answer in
            if isFull.withLock({ $0 }) { throw FileError(operation: "write", path: "pool.db", code: ENOSPC) }
            usual.write(block, by: source, answer: answer)
        }
        book.write(block(ledger, .found), by: .answer, answer: nil) { told.withLock { $0.append("found") } }
        await book.rest()
        #expect(told.withLock { $0 } == ["found"])
        isFull.withLock { $0 = true }
        book.write(block(ledger, .submitted), by: .answer, answer: nil) { told.withLock { $0.append("submitted") } }
        book.write(block(ledger, .accepted), by: .answer, answer: "took it") { told.withLock { $0.append("accepted") } }
        // To another solution of the same block.
        book.write(block(ledger, .stale), by: .answer, answer: "too late") { told.withLock { $0.append("stale") } }
        await book.rest()
        await usual.rest()
        #expect(book.unwritten == 1)
        #expect(told.withLock { $0 } == ["found"])
        #expect(try ledger.blocks(limit: 10).map(\.state) == [.found])
        isFull.withLock { $0 = false }
        while told.withLock({ $0.count }) < 4 { try await Task.sleep(for: .milliseconds(5)) }
        #expect(Set(told.withLock { $0 }) == ["found", "submitted", "accepted", "stale"])
        await usual.rest()
        #expect(book.unwritten == 0)
        let record = try #require(try ledger.blocks(limit: 10).first)
        #expect(record.state == .accepted || record.state == .immature)
        #expect(record.answer == "took it")
        try ledger.close()
    }

    @Test("an answer to a second solution takes nothing back, and an uncle brings no fees")
    func secondAnswers() async throws {
        let folder = try TemporaryFolder()
        let ledger = try Ledger(LedgerSettings(dataFolder: folder.path))
        let book = LedgerBook(ledger: ledger)
        book.write(block(ledger, .found), by: .answer, answer: nil)
        book.write(block(ledger, .uncle), by: .answer, answer: "beside")
        await book.rest()
        #expect(try ledger.blocks().map(\.reward) == [0])
        var second = block(ledger, .accepted)
        second.hash = "5eed"
        book.write(second, by: .answer, answer: "took it")
        for (state, words) in [(BlockState.stale, "unknown work"), (.uncle, "exists"), (.rejected, "no")] {
            second.state = state
            book.write(second, by: .answer, answer: words)
        }
        await book.rest()
        let record = try #require(try ledger.blocks().first { $0.hash == "5eed" })
        #expect(record.state == .accepted && record.answer == "took it" && record.reward == 5_000_000_000)
        try ledger.close()
    }

    @Test("lost blocks of the last day are looked at again, older ones are not")
    func lost() async throws {
        let folder = try TemporaryFolder()
        let ledger = try Ledger(LedgerSettings(dataFolder: folder.path))
        let hours: [(Int64, BlockState)] = [(1, .orphaned), (23, .stale), (25, .stale), (2, .immature), (3, .rejected), (4, .uncle)]
        for (age, state) in hours {
            var block = block(ledger, state)
            block.hash = "\(age)"
            block.time = UnixTime.now().milliseconds - age * 3_600_000
            try ledger.recordBlock(block)
        }
        let book = LedgerBook(ledger: ledger)
        #expect(Set(await book.lostBlocks(of: Ledger.parentChain).map(\.hash)) == ["1", "23", "4"])
        #expect(await book.openBlocks(of: Ledger.parentChain).map(\.hash) == ["2"])
        try ledger.close()
    }
}
