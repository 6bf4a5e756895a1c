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
        let book = LedgerBook(ledger: ledger, pause: .milliseconds(20)) { block, answer in
            if isFull.withLock({ $0 }) { throw FileError(operation: "write", path: "pool.db", code: ENOSPC) }
            usual.write(block, answer: answer)
        }
        book.write(block(ledger, .found), answer: nil) { told.withLock { $0.append("found") } }
        await book.rest()
        #expect(told.withLock { $0 } == ["found"])
        isFull.withLock { $0 = true }
        book.write(block(ledger, .submitted), answer: nil) { told.withLock { $0.append("submitted") } }
        book.write(block(ledger, .accepted), answer: "took it") { told.withLock { $0.append("accepted") } }
        await book.rest()
        await usual.rest()
        #expect(book.unwritten == 1)
        #expect(told.withLock { $0 } == ["found"])
        #expect(try ledger.blocks(limit: 10).map(\.state) == [.found])
        isFull.withLock { $0 = false }
        while told.withLock({ $0.count }) < 3 { try await Task.sleep(for: .milliseconds(5)) }
        #expect(Set(told.withLock { $0 }) == ["found", "submitted", "accepted"])
        await usual.rest()
        #expect(book.unwritten == 0)
        let record = try #require(try ledger.blocks(limit: 10).first)
        #expect(record.state == .accepted || record.state == .immature)
        #expect(record.answer == "took it")
        try ledger.close()
    }
}
