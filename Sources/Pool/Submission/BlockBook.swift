import Accounting
import Synchronization

/// Keeps what became of found blocks.
protocol BlockBook: Sendable {
    /// Puts a block on record, or writes what became of one that is.
    /// - Parameter then: called once that is on record, on any thread.
    func write(_ block: FoundBlock, answer: String?, then: @escaping @Sendable () -> Void)
    /// A chain's blocks whose fate is still open.
    func openBlocks(of chain: String) -> [BlockRecord]
}

extension BlockBook {
    func write(_ block: FoundBlock, answer: String?) { write(block, answer: answer) {} }
}

/// The ledger as block book. A ledger that cannot be written holds up no block: what it did not take is kept in memory and written when it can be,
/// for a block that a node took must not be missing from the books because the disk was full.
final class LedgerBook: BlockBook {
    private struct News: Sendable {
        let block: FoundBlock
        var answer: String?
        var then: [@Sendable () -> Void]
    }

    private struct State {
        /// One for each block, the oldest first.
        var unwritten: [News] = []
        var isRetrying = false
    }

    let ledger: Ledger
    private let pause: Duration
    private let enter: @Sendable (FoundBlock, String?) throws -> Void
    private let state = Mutex(State())
    private let log = Log("ledger")

    /// Blocks that wait at most; of more only the log tells.
    private static let limit = 10_000

    /// - Parameters:
    ///   - pause: between two tries.
    ///   - enter: puts news of a block into the ledger; nil does it as it is done. For tests.
    init(ledger: Ledger, pause: Duration = .seconds(1), enter: (@Sendable (FoundBlock, String?) throws -> Void)? = nil) {
        self.ledger = ledger
        self.pause = pause
        self.enter =
            enter ?? { block, answer in
                let news = BlockNews(state: block.state, answer: answer)
                if block.state != .found, try ledger.updateBlock(chain: block.chain, hash: block.hash, news) { return }
                try ledger.recordBlock(block)
                if answer != nil { try ledger.updateBlock(chain: block.chain, hash: block.hash, news) }
            }
    }

    /// Blocks whose news the ledger did not take yet.
    var unwritten: Int { state.withLock { $0.unwritten.count } }

    func write(_ block: FoundBlock, answer: String?, then: @escaping @Sendable () -> Void) {
        // The lock is held while the ledger writes, so that no older news of a block come after newer ones.
        let (isWritten, mustRetry) = state.withLock { state in
            var news = News(block: block, answer: answer, then: [then])
            if let index = state.unwritten.firstIndex(where: { $0.block.chain == block.chain && $0.block.hash == block.hash }) {
                let older = state.unwritten.remove(at: index)
                news.answer = news.answer ?? older.answer
                news.then += older.then
            }
            do {
                try enter(news.block, news.answer)
                return (news.then, false)
            } catch {
                log.error("block \(block.hash) (\(block.state.rawValue)) is not on record yet: \(error)")
                guard state.unwritten.count < Self.limit else { return ([], false) }
                state.unwritten.append(news)
                defer { state.isRetrying = true }
                return ([], !state.isRetrying)
            }
        }
        for then in isWritten { then() }
        guard mustRetry else { return }
        Task { [weak self, pause] in
            repeat { try? await Task.sleep(for: pause) } while self?.retry() == true
        }
    }

    /// Writes what waits; true while something does.
    private func retry() -> Bool {
        let (written, isWaiting) = state.withLock { state in
            var written: [News] = []
            while let news = state.unwritten.first, (try? enter(news.block, news.answer)) != nil { written.append(state.unwritten.removeFirst()) }
            state.isRetrying = !state.unwritten.isEmpty
            return (written, state.isRetrying)
        }
        for news in written {
            log.info("block \(news.block.hash) (\(news.block.state.rawValue)) is on record")
            for then in news.then { then() }
        }
        return isWaiting
    }

    func openBlocks(of chain: String) -> [BlockRecord] {
        do {
            return try ledger.blocks(chain: chain, states: [.found, .submitted, .accepted, .immature], limit: FollowOrder.mostOpen)
        } catch {
            log.error("found blocks cannot be read: \(error)")
            return []
        }
    }
}
