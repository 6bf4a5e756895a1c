import Accounting
import Dispatch
import Synchronization

/// Keeps what became of found blocks.
protocol BlockBook: Sendable {
    /// Puts a block on record, or writes what became of one that is.
    /// - Parameter then: called once that is on record, or what was judged before stands against it; on any thread.
    func write(_ block: FoundBlock, by source: BlockNews.Source, answer: String?, then: @escaping @Sendable () -> Void)
    /// A chain's blocks whose fate is still open, the newest first.
    func openBlocks(of chain: String) async -> [BlockRecord]
    /// A chain's blocks of the last day that it has another one in place of, the newest first: a chain may change its mind.
    func lostBlocks(of chain: String) async -> [BlockRecord]
}

extension BlockBook {
    func write(_ block: FoundBlock, by source: BlockNews.Source, answer: String?) { write(block, by: source, answer: answer) {} }
}

/// The ledger as block book. A ledger that cannot be written holds up no block: what it did not take is kept in memory and written when it can be,
/// for a block that a node took must not be missing from the books because the disk was full.
final class LedgerBook: BlockBook {
    private struct News: Sendable {
        let block: FoundBlock
        let source: BlockNews.Source
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
    private let enter: @Sendable (FoundBlock, BlockNews.Source, String?) throws -> Void
    /// News are entered here, one after the other: none overtakes an older one of its block, and a ledger that waits for its disk keeps no thread
    /// that others need.
    private let queue = DispatchQueue(label: "block-book")
    /// Changed on the queue alone.
    private let state = Mutex(State())
    private let log = Log("ledger")

    /// Blocks that wait at most; of more only the log tells.
    private static let limit = 10_000

    /// - Parameters:
    ///   - pause: between two tries.
    ///   - enter: puts news of a block into the ledger; nil does it as it is done. For tests.
    init(
        ledger: Ledger,
        pause: Duration = .seconds(1),
        enter: (@Sendable (FoundBlock, BlockNews.Source, String?) throws -> Void)? = nil
    ) {
        self.ledger = ledger
        self.pause = pause
        self.enter =
            enter ?? { block, source, answer in
                // What an uncle earns is not what was expected of the block.
                let news = BlockNews(state: block.state, by: source, reward: block.state == .uncle ? 0 : nil, answer: answer)
                if block.state != .found, try ledger.updateBlock(chain: block.chain, hash: block.hash, news) { return }
                try ledger.recordBlock(block)
                if answer != nil { try ledger.updateBlock(chain: block.chain, hash: block.hash, news) }
            }
    }

    /// Blocks whose news the ledger did not take yet.
    var unwritten: Int { state.withLock { $0.unwritten.count } }

    func write(_ block: FoundBlock, by source: BlockNews.Source, answer: String?, then: @escaping @Sendable () -> Void) {
        queue.async { self.take(News(block: block, source: source, answer: answer, then: [then])) }
    }

    /// Returns when all that was written before has been tried.
    func rest() async {
        await withCheckedContinuation { continuation in queue.async { continuation.resume() } }
    }

    private func take(_ latest: News) {
        var news = latest
        state.withLock { state in
            let block = news.block
            guard let index = state.unwritten.firstIndex(where: { $0.block.chain == block.chain && $0.block.hash == block.hash }) else { return }
            let older = state.unwritten.remove(at: index)
            // As the ledger would judge it, had it taken the older ones.
            if !older.block.state.leads(to: block.state, by: news.source) {
                news = older
                news.then += latest.then
            } else {
                news.answer = news.answer ?? older.answer
                news.then += older.then
            }
        }
        let block = news.block
        do {
            try enter(block, news.source, news.answer)
        } catch {
            log.error("block \(block.hash) (\(block.state.rawValue)) is not on record yet: \(error)")
            let mustRetry = state.withLock { state in
                guard state.unwritten.count < Self.limit else { return false }
                state.unwritten.append(news)
                defer { state.isRetrying = true }
                return !state.isRetrying
            }
            if mustRetry { retryLater() }
            return
        }
        for then in news.then { then() }
    }

    private func retryLater() {
        queue.asyncAfter(deadline: .now() + pause / .seconds(1)) { [weak self] in self?.retry() }
    }

    /// Writes what waits, and goes on trying while something does.
    private func retry() {
        while let news = state.withLock({ $0.unwritten.first }) {
            let isWritten = (try? enter(news.block, news.source, news.answer)) != nil
            state.withLock { state in
                let first = state.unwritten.removeFirst()
                // One that is never taken must not keep the others waiting.
                if !isWritten { state.unwritten.append(first) }
            }
            guard isWritten else { break }
            log.info("block \(news.block.hash) (\(news.block.state.rawValue)) is on record")
            for then in news.then { then() }
        }
        let isWaiting = state.withLock { state in
            state.isRetrying = !state.unwritten.isEmpty
            return state.isRetrying
        }
        if isWaiting { retryLater() }
    }

    func openBlocks(of chain: String) async -> [BlockRecord] {
        await read { ledger throws(LedgerError) in
            try ledger.blocks(chain: chain, states: [.found, .submitted, .accepted, .immature], limit: FollowOrder.mostOpen)
        }
    }

    func lostBlocks(of chain: String) async -> [BlockRecord] {
        let yesterday = UnixTime.now().milliseconds - 86_400_000
        return await read { ledger throws(LedgerError) in
            try ledger.blocks(chain: chain, states: [.stale, .orphaned, .uncle], since: yesterday, limit: FollowOrder.mostLost)
        }
    }

    /// On the queue too: reading waits for the disk as writing does.
    private func read(_ blocks: @escaping @Sendable (Ledger) throws(LedgerError) -> [BlockRecord]) async -> [BlockRecord] {
        await withCheckedContinuation { continuation in
            queue.async { [self] in continuation.resume(returning: readNow(blocks)) }
        }
    }

    private func readNow(_ blocks: (Ledger) throws(LedgerError) -> [BlockRecord]) -> [BlockRecord] {
        do {
            return try blocks(ledger)
        } catch {
            log.error("found blocks cannot be read: \(error)")
            return []
        }
    }
}
