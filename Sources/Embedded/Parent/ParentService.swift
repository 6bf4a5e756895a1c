import Bitcoin
import Hashing
import JSON

/// The embedded parent node without its wire: the chain, its file, and whoever waits for it to change.
actor ParentService {
    private(set) var chain: EmbeddedChain
    private let file: RecordFile<StoredBlock>?
    private let clock: @Sendable () -> UInt32
    private let longPollPatience: Duration
    let changes = ChangeSignal()
    private var tipStreams: [Int: AsyncStream<ChainEntry>.Continuation] = [:]
    private var lastStream = 0
    private let started: ContinuousClock.Instant = .now

    init(chain: EmbeddedChain, file: RecordFile<StoredBlock>?, clock: @escaping @Sendable () -> UInt32, longPollPatience: Duration) {
        self.chain = chain
        self.file = file
        self.clock = clock
        self.longPollPatience = longPollPatience
    }

    var now: UInt32 { clock() }
    var uptime: Int64 { (.now - started).components.seconds }

    // MARK: Changes

    /// Lets the chain be changed and tells who waits.
    @discardableResult
    func change<Result>(_ body: (inout EmbeddedChain) throws -> Result) rethrows -> Result {
        let before = chain.longPollID
        let oldTip = chain.tip.hash
        defer {
            if chain.tip.hash != oldTip {
                for stream in tipStreams.values { stream.yield(chain.tip) }
            }
            if chain.longPollID != before { changes.change() }
        }
        return try body(&chain)
    }

    /// Tries a block, and keeps it in the file when it is taken.
    func submit(_ block: Block) throws(RPCError) -> BlockAcceptance {
        let now = now
        let acceptance = change { $0.submit(block, now: now) }
        if case .refused = acceptance { return acceptance }
        do {
            if let kept = chain.entry(block.header.hash)?.block { try file?.append(kept) }
        } catch {
            // bitcoind stops here; this node goes on with the block in memory and says so.
            throw RPCError(code: -20, message: error.description)
        }
        return acceptance
    }

    func template() -> TemplateOffer { chain.template(now: now) }

    /// The active tips from now on.
    func tips() -> AsyncStream<ChainEntry> {
        lastStream += 1
        let key = lastStream
        let (stream, continuation) = AsyncStream.makeStream(of: ChainEntry.self)
        tipStreams[key] = continuation
        continuation.onTermination = { [weak self] _ in
            Task { await self?.forgetStream(key) }
        }
        return stream
    }

    private func forgetStream(_ key: Int) {
        tipStreams[key] = nil
    }

    // MARK: Long polls (BIP22)

    /// Returns when the tip is no longer `tip`; or when, the patience being over, the waiting transactions are no longer those of `updates`.
    ///
    /// bitcoind looks at the transactions after a minute and then every ten seconds; here the second look is not needed, since changes are told.
    func waitForChange(of tip: Hash256, updates: UInt64) async {
        let deadline = ContinuousClock.now + longPollPatience
        while !Task.isCancelled, chain.tip.hash == tip {
            let seen = changes.generation
            let left = deadline - .now
            if left <= .zero, chain.pool.updates != updates { return }
            await changes.wait(after: seen, for: left > .zero ? left : nil)
        }
    }
}
