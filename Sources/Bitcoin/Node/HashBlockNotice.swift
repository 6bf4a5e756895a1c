public import Hashing

/// A node's word that its tip changed (`zmqpubhashblock`).
public struct HashBlockNotice: Sendable, Equatable {
    /// The new tip.
    public var hash: Hash256
    /// The node's own count of its notices, from 0 at its start.
    public var sequence: UInt32
    /// How many notices before this one never came.
    public var missed: UInt32
    /// The count began anew: the node was restarted.
    public var isFromNewStart: Bool

    public init(hash: Hash256, sequence: UInt32, missed: UInt32 = 0, isFromNewStart: Bool = false) {
        self.hash = hash
        self.sequence = sequence
        self.missed = missed
        self.isFromNewStart = isFromNewStart
    }
}

/// Reads messages of one subscription and finds the gaps between them.
struct HashBlockReader {
    static let topic = "hashblock"

    private var last: UInt32?

    /// The notice in a message of three parts (topic, hash in display order, little-endian sequence); nil for anything else.
    mutating func read(_ parts: [[UInt8]]) -> HashBlockNotice? {
        guard parts.count == 3, parts[0].elementsEqual(Self.topic.utf8), parts[2].count == 4,
            let hash = Hash256(internalBytes: parts[1].reversed())
        else { return nil }
        let sequence = parts[2].reversed().reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
        defer { last = sequence }
        guard let last else { return HashBlockNotice(hash: hash, sequence: sequence) }
        // The count wraps around; what is more than half the range ahead lies behind.
        let step = sequence &- last
        if step > 0, step < 1 << 31 { return HashBlockNotice(hash: hash, sequence: sequence, missed: step - 1) }
        return HashBlockNotice(hash: hash, sequence: sequence, missed: sequence, isFromNewStart: true)
    }
}
