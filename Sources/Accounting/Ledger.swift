internal import Dispatch
import Synchronization

/// The pool's books: every accepted share durable before it is acknowledged, every block on record.
///
/// Shares become durable in a log, group by group; behind it a background queue folds them into the store's windows, in one transaction with
/// the log position they reach to. A group costs the log a sync and the store thousands of rows: the log is the cheaper place to wait for by
/// an order of magnitude. Figures are read from memory and include every stored group.
public final class Ledger: Sendable {
    /// The name of the parent chain in ``FoundBlock/chain``.
    public static let parentChain = "bitcoin"

    /// What the appending thread works with.
    struct Appender {
        var sum = GroupSum()
        var encoder = GroupEncoder()
        var next: UInt64 = 1
        var isClosed = false
    }

    public let workers: WorkerDirectory
    let settings: LedgerSettings
    let store: LedgerStore
    let log: any ShareLog
    let appender = Mutex(Appender())
    let unfolded = Mutex(Unfolded())
    let live: Mutex<LiveTable>
    let others: Mutex<OtherPools>
    let clock: Mutex<LedgerClock>
    /// Of every configured chain; fees may change while it runs.
    let chains: Mutex<[ChainTerms]>
    let queue = DispatchQueue(label: "ledger.fold")
    let archive: ShareArchive

    /// Opens the ledger, creating it when there is none, and folds what a crash left in its log. Comes before the first share.
    public init(_ settings: LedgerSettings) throws(LedgerError) {
        self.settings = settings
        chains = Mutex(settings.chains)
        archive = ShareArchive(folder: settings.archiveFolder)
        workers = WorkerDirectory(capacity: settings.workerCapacity)
        let parts = try LedgerParts(settings, directory: workers)
        (store, log) = (parts.store, parts.log)
        try store.loadWorkers()
        try log.foldRest(into: store)
        let position = try store.position()
        let wall = Self.wall(settings.time, log)
        let (figures, counted) = try store.loadFigures(at: max(wall, position.time))
        live = Mutex(figures)
        others = Mutex(counted)
        clock = Mutex(LedgerClock(last: position.time, wall: wall, monotonic: settings.time.monotonic()))
        try replay(after: position.sequence)
        do throws(LedgerError) {
            try foldAll()
            for terms in settings.chains { try store.openChain(terms, at: now) }
            try settleRounds()
        } catch {
            try putOff(error)
        }
        // Others' figures are read though this pool may count nothing.
        if log.isShared { scheduleFold() }
    }

    /// Makes the entries durable and counts them; when it returns, all of them are stored. The writer's thread alone calls it: it gathers what
    /// waits, appends, settles, and gathers again, so that groups grow with load.
    ///
    /// After an error none of them is stored. `diskFull`, `file` and `behind` may pass: the next call tries anew.
    public func append(_ entries: [ShareEntry]) throws(LedgerError) {
        if entries.isEmpty { return }
        try appender.withLock { appender throws(LedgerError) in
            if appender.isClosed { throw .closed }
            let waiting = unfolded.withLock { $0.bytes }
            if waiting > settings.logLimit { throw .behind(bytes: waiting) }
            guard var group = appender.sum.sum(entries, sequence: appender.next, time: now, workers: workers.count) else { throw .unknownWorker }
            live.withLock { $0.keepRecords(of: &group) }
            let payload = appender.encoder.encode(group) { workers.names }
            do throws(LedgerError) {
                try log.append(payload, sequence: group.sequence)
            } catch {
                // The log goes on with a new segment, in which no name was written yet.
                appender.encoder.rotate()
                throw error
            }
            appender.next += 1
            count(group, bytes: payload.count)
            if log.isSegmentFull { endSegment(&appender) }
        }
        scheduleFold()
    }

    /// Folds what waits and lets go of the files, which it does even when folding fails: what was not folded stays in the log for the next to open
    /// it, and on a full disk that may be this process itself. Entries that come later are refused.
    public func close() throws(LedgerError) {
        appender.withLock { appender in
            appender.isClosed = true
            endSegment(&appender)
        }
        defer { appender.withLock { _ in log.close() } }
        try foldAll()
        try store.settle()
    }

    /// Ends the log's segment, as a large one is ended.
    func endSegment() {
        appender.withLock { endSegment(&$0) }
    }

    private func endSegment(_ appender: inout Appender) {
        log.rotate()
        appender.encoder.rotate()
    }

    /// Ledger time, milliseconds: the wall's, and never back.
    var now: Int64 {
        clock.withLock { $0.advance(wall: Self.wall(settings.time, log), monotonic: settings.time.monotonic()) }
    }

    private static func wall(_ time: TimeSource, _ log: any ShareLog) -> Int64 {
        (time.yieldsToShared ? log.sharedTime : nil) ?? time.wall()
    }

    private func count(_ group: ShareGroup, bytes: Int) {
        unfolded.withLock { $0.add(group, bytes: bytes) }
        live.withLock { $0.apply(group) }
    }

    /// A ledger that was open before opens on a full disk too, as it is when a pool goes on in another process: what the store lacks stays in the
    /// log, is counted in memory, and is folded and settled when there is room.
    private func putOff(_ error: LedgerError) throws(LedgerError) {
        guard case .diskFull = error else { throw error }
        for terms in settings.chains where try !store.isOpen(terms) { throw error }
        unfolded.withLock { $0.roundFailure = error }
        scheduleFold()
    }

    private func replay(after folded: UInt64) throws(LedgerError) {
        var decoder = GroupDecoder()
        var last = folded
        try log.replay(after: folded) { (sequence, payload) throws(LedgerError) in
            guard let group = decoder.decode(payload, sequence: sequence, directory: workers) else {
                throw .corrupt(path: settings.store, detail: "group \(sequence) of the share log is not readable")
            }
            guard sequence > folded else { return }
            last = sequence
            count(group, bytes: payload.count)
        }
        let next = last + 1
        appender.withLock { $0.next = next }
        let time = live.withLock { $0.time }
        clock.withLock { $0.reach(time) }
    }
}
