import Synchronization

/// One loop's way to the ledger and back: records go in, outcomes come back, then replies leave.
///
/// One loop pushes, one writer reads; neither locks. Records are numbered 0, 1, 2 … as pushed. A record keeps its place until the loop has
/// taken its outcome, so the capacity bounds what may wait unacknowledged. Whenever nothing waits, the next record goes to the first place
/// again: no more memory is ever touched than waited at once.
///
/// `@unchecked Sendable` holds because each place has one writer at a time: the loop writes `records[i]` before it releases `head` past i; the
/// writer reads it only below the `head` it acquired and writes `outcomes[i]` before it releases `settled` past i; the loop reads that only
/// below the `settled` it acquired, and reuses the place only after that. `loop` is touched by the loop alone, `writer` by the writer alone;
/// `base` is set by the loop while no record waits, and read by the writer for records that do.
public final class VerdictRing: @unchecked Sendable {
    /// What became of a record.
    public enum Outcome: UInt8, Sendable {
        case stored = 1
        case refused = 2
    }

    /// Behind pointers because a class's own variables are checked for exclusive access each time, which costs more than the push itself.
    private struct LoopSide {
        /// Records below it are pushed; `head` follows at ``flush()``.
        var pushed: UInt64 = 0
        /// Records below it have had their outcome taken.
        var taken: UInt64 = 0
        /// A copy of `settled`, refreshed when it is used up.
        var settled: UInt64 = 0
    }

    private struct WriterSide {
        /// Records below it have been read.
        var read: UInt64 = 0
    }

    private let records: UnsafeMutablePointer<ShareRecord>
    private let outcomes: UnsafeMutablePointer<UInt8>
    private let mask: UInt64
    /// The number of the record at the first place.
    private let base: UnsafeMutablePointer<UInt64>
    private let loop: UnsafeMutablePointer<LoopSide>
    private let writer: UnsafeMutablePointer<WriterSide>
    private let head = Atomic<UInt64>(0)
    private let settled = Atomic<UInt64>(0)
    private let wakeLoop: @Sendable () -> Void
    private let wakeWriter: @Sendable () -> Void

    /// - Parameter capacity: a power of two.
    public init(capacity: Int, wakeLoop: @escaping @Sendable () -> Void, wakeWriter: @escaping @Sendable () -> Void) {
        precondition(capacity > 0 && capacity & (capacity - 1) == 0, "capacity is a power of two")
        records = .allocate(capacity: capacity)
        outcomes = .allocate(capacity: capacity)
        outcomes.initialize(repeating: 0, count: capacity)
        mask = UInt64(capacity - 1)
        base = .allocate(capacity: 1)
        base.initialize(to: 0)
        loop = .allocate(capacity: 1)
        loop.initialize(to: LoopSide())
        writer = .allocate(capacity: 1)
        writer.initialize(to: WriterSide())
        self.wakeLoop = wakeLoop
        self.wakeWriter = wakeWriter
    }

    deinit {
        records.deallocate()
        outcomes.deallocate()
        base.deallocate()
        loop.deallocate()
        writer.deallocate()
    }

    private func place(of number: UInt64) -> Int { Int((number - base.pointee) & mask) }

    // MARK: The loop's side

    public var capacity: Int { Int(mask + 1) }

    /// Free places; the loop leaves sockets unread while there are none.
    public var room: Int { Int(mask + 1 - (loop.pointee.pushed - loop.pointee.taken)) }

    /// Records whose outcome was not taken yet.
    public var pending: Int { Int(loop.pointee.pushed - loop.pointee.taken) }

    /// Pushes a record, which the writer sees after the next ``flush()``; false when the ring is full.
    public func push(_ record: ShareRecord) -> Bool {
        let number = loop.pointee.pushed
        let waiting = number - loop.pointee.taken
        guard waiting <= mask else { return false }
        if waiting == 0 { base.pointee = number }
        records[place(of: number)] = record
        loop.pointee.pushed = number + 1
        return true
    }

    /// Shows the writer, once a tick, what was pushed since the last time, and wakes it if that is anything.
    public func flush() {
        guard loop.pointee.pushed != head.load(ordering: .relaxed) else { return }
        head.store(loop.pointee.pushed, ordering: .releasing)
        wakeWriter()
    }

    /// The next record's outcome, in the order pushed; nil while it is undecided.
    public func takeOutcome() -> Outcome? {
        let number = loop.pointee.taken
        if number == loop.pointee.settled {
            loop.pointee.settled = settled.load(ordering: .acquiring)
            guard number < loop.pointee.settled else { return nil }
        }
        loop.pointee.taken = number + 1
        return Outcome(rawValue: outcomes[place(of: number)]) ?? .refused
    }

    // MARK: The writer's side

    /// Appends every record not read yet to `batch` and says how many came.
    public func read(into batch: inout [ShareRecord]) -> Int {
        let end = head.load(ordering: .acquiring)
        let count = Int(end - writer.pointee.read)
        forEachRun(from: writer.pointee.read, count) { first, count in
            batch.append(contentsOf: UnsafeBufferPointer(start: records + first, count: count))
        }
        writer.pointee.read = end
        return count
    }

    /// Decides the oldest `count` undecided records, then wakes the loop.
    public func settle(_ count: Int, as outcome: Outcome) {
        let first = settled.load(ordering: .relaxed)
        forEachRun(from: first, count) { first, count in (outcomes + first).update(repeating: outcome.rawValue, count: count) }
        settled.store(first + UInt64(count), ordering: .releasing)
        wakeLoop()
    }

    /// The places of `count` records in a row, which may go on at the ring's beginning.
    private func forEachRun(from number: UInt64, _ count: Int, _ body: (_ first: Int, _ count: Int) -> Void) {
        guard count > 0 else { return }
        let first = place(of: number)
        let straight = min(count, capacity - first)
        body(first, straight)
        if straight < count { body(0, count - straight) }
    }
}
