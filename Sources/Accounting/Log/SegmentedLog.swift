internal import Glibc
import Synchronization

/// A share log in files on this machine: `00000001.log`, `00000002.log` … in one folder.
///
/// A segment's head names the sequence its frames begin with. A frame of an older segment from that sequence on was refused when it was
/// written and is not read. The end of a segment is the first frame that is not whole: room set aside reads as zeros, a torn tail fails its
/// checksum.
///
/// `@unchecked Sendable` holds because `open`, `number`, `next` and `lock` are touched by the appending thread alone; `closed` is under its lock.
final class SegmentedLog: ShareLog, @unchecked Sendable {
    private struct Closed {
        var path: String
        var last: UInt64
    }

    /// Room is set aside in steps of this, so that most syncs write no metadata (0.25 ms instead of 0.37 for 64 KB on the reference machine).
    private static let step = 1 << 20

    private let folder: String
    private let durability: Durability
    /// Held as long as the log is open: one process at a time writes it.
    private var lock: File?
    private var open: LogSegment?
    private var number: UInt64 = 0
    /// The sequence after the last one appended to the open segment.
    private var next: UInt64 = 0
    private let closed = Mutex<[Closed]>([])

    init(folder: String, durability: Durability) throws(LedgerError) {
        self.folder = folder
        self.durability = durability
        try Folder.create(folder)
        let lock = try File(creating: folder + "/lock", exclusively: false)
        guard lock.lock() else { throw .inUse(path: folder) }
        self.lock = consume lock
    }

    /// Bytes since the last rotation.
    var segmentBytes: Int { open?.end ?? 0 }

    /// A segment that has grown past this is ended, so that it can be deleted once it is folded.
    private static let segmentLimit = 16 << 20

    var isSegmentFull: Bool { segmentBytes > Self.segmentLimit }
    var isShared: Bool { false }
    var sharedTime: Int64? { nil }

    func append(_ payload: [UInt8], sequence: UInt64) throws(LedgerError) {
        if open == nil { try begin(sequence) }
        do {
            try open?.append(payload, sequence: sequence, sync: durability == .full)
            next = sequence + 1
        } catch {
            // A frame that failed half-way must not be read again, and after a failed sync the kernel may have dropped what it held: the
            // next frame starts a new segment, whose head disowns this one should it be found after all.
            open?.cutTail()
            rotate()
            throw error
        }
    }

    func rotate() {
        guard let segment = open.take() else { return }
        let path = segment.path
        let last = next - 1
        closed.withLock { $0.append(Closed(path: path, last: last)) }
    }

    func close() {
        rotate()
        lock = nil
    }

    func fold(_ batch: FoldBatch, into store: LedgerStore) throws(LedgerError) {
        try store.fold(batch)
        release(through: batch.through)
    }

    func foldRest(into store: LedgerStore) throws(LedgerError) {}

    /// Payloads up to `sequence` are safe in the store.
    private func release(through sequence: UInt64) {
        let gone = closed.withLock { segments in
            let gone = segments.filter { $0.last <= sequence }
            segments.removeAll { $0.last <= sequence }
            return gone
        }
        for segment in gone { unlink(segment.path) }
    }

    func replay(after sequence: UInt64, _ body: (UInt64, ArraySlice<UInt8>) throws(LedgerError) -> Void) throws(LedgerError) {
        let numbers = try Folder.entries(folder).compactMap(Self.number(of:)).sorted()
        number = numbers.last ?? 0
        var segments: [(path: String, first: UInt64)] = []
        for number in numbers {
            // A segment whose head is torn was never written to.
            guard let first = try LogSegment.firstSequence(path(number)) else {
                closed.withLock { $0.append(Closed(path: path(number), last: 0)) }
                continue
            }
            segments.append((path(number), first))
        }
        var expected: UInt64?
        for (index, segment) in segments.enumerated() {
            let end = segments[(index + 1)...].map(\.first).min() ?? .max
            // What is folded may be missing, or there again: removals of segments are not synced.
            let before = max(expected ?? 0, sequence + 1)
            if segment.first > before { throw .logGap(path: folder, from: before, to: segment.first - 1) }
            var last = segment.first - 1
            try LogSegment.read(segment.path, first: segment.first) { (found, payload) throws(LedgerError) in
                guard found < end else { return }
                last = found
                // Names are written once a segment: the reader of payloads sees those that are folded, too.
                try body(found, payload)
            }
            expected = last + 1
            closed.withLock { [last] in $0.append(Closed(path: segment.path, last: last)) }
        }
    }

    private func begin(_ sequence: UInt64) throws(LedgerError) {
        number += 1
        next = sequence
        do {
            let segment = try LogSegment(path: path(number), first: sequence, step: Self.step)
            try Folder.sync(folder)
            open = consume segment
        } catch {
            unlink(path(number))
            throw error
        }
    }

    private func path(_ number: UInt64) -> String {
        let digits = String(number)
        return folder + "/" + String(repeating: "0", count: max(0, 8 - digits.count)) + digits + ".log"
    }

    private static func number(of name: String) -> UInt64? {
        name.hasSuffix(".log") ? UInt64(name.dropLast(4)) : nil
    }
}
