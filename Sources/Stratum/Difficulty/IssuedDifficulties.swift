/// Which difficulty each job went out with on one connection (design, invariant 1).
///
/// Jobs of a loop are numbered in the order they are sent, and difficulties change rarely; so it is enough to keep from which job on a difficulty
/// holds. A share of a job is judged by the last entry not behind it.
struct IssuedDifficulties: Sendable, BitwiseCopyable {
    /// A job's number on its loop, and which variant of it.
    struct Key: Comparable, Sendable, BitwiseCopyable {
        private let packed: UInt64

        init(sequence: UInt64, variant: UInt8) {
            packed = sequence << 8 | UInt64(variant)
        }

        var sequence: UInt64 { packed >> 8 }
        var variant: UInt8 { UInt8(truncatingIfNeeded: packed) }

        static func < (left: Key, right: Key) -> Bool { left.packed < right.packed }
    }

    private struct Entry: Sendable, BitwiseCopyable {
        var from: Key
        var difficulty: ShareDifficulty
    }

    /// Difficulties change at most a few times while a job can still be mined; older changes than these are forgotten, with their jobs.
    static let capacity = 12

    private var entries: InlineArray<12, Entry>
    private var count = 0
    /// The last job that was sent.
    private(set) var last: Key?

    init() {
        entries = InlineArray(repeating: Entry(from: Key(sequence: 0, variant: 0), difficulty: .nominal))
    }

    /// A job goes out. Keys must grow; the same key again must carry the same difficulty.
    mutating func issue(_ key: Key, at difficulty: ShareDifficulty) {
        last = key
        // A variant is only sent for another difficulty; without its own entry it would be unknown.
        if count > 0, entries[count - 1].difficulty == difficulty, key.variant == 0 || entries[count - 1].from == key { return }
        if count == Self.capacity {
            for index in 1..<Self.capacity { entries[index - 1] = entries[index] }
            count -= 1
        }
        entries[count] = Entry(from: key, difficulty: difficulty)
        count += 1
    }

    /// The difficulty that a job went out with; nil when it did not go out here, or too long ago.
    func difficulty(of key: Key) -> ShareDifficulty? {
        guard let last, key <= last else { return nil }
        var index = count - 1
        while index >= 0 {
            let entry = entries[index]
            if entry.from <= key { return key.variant == 0 || entry.from == key ? entry.difficulty : nil }
            index -= 1
        }
        return nil
    }
}

extension IssuedDifficulties {
    /// Goes to the next process whole.
    mutating func pass(through stream: inout HandoverStream) throws(HandoverStream.Failure) {
        try stream.pass(&last, blank: Key(sequence: 0, variant: 0)) { stream, key throws(HandoverStream.Failure) in try key.pass(through: &stream) }
        try stream.pass(&count)
        guard (0...Self.capacity).contains(count) else { throw .unreadable("\(count) difficulties of one connection") }
        for index in 0..<count {
            try entries[index].from.pass(through: &stream)
            try entries[index].difficulty.pass(through: &stream)
        }
    }
}
