internal import CHashing

/// What all shares of one job have in common, prepared for the kernels.
///
/// Whatever does not depend on the extranonce is computed here, once a job: the chaining value before the field, the schedules of the coinbase
/// blocks behind it, and each sibling's part in the schedule of its Merkle node.
public struct JudgePlan: Sendable {
    /// The coinbase without witness, up to the extranonce field and behind it.
    public let coinbasePrefix: [UInt8]
    /// Bytes between them, at most 32.
    public let extranonceSize: Int
    public let coinbaseSuffix: [UInt8]
    /// The coinbase's Merkle siblings, leaf to root.
    public let branch: [Hash256]
    public let previousHash: Hash256
    public let bits: CompactBits

    /// The kernels' constants, one behind the other: see `withPrepared`.
    private let words: [UInt32]
    private let headBlocks, tailBlocks: Int

    public init(
        coinbasePrefix: [UInt8],
        extranonceSize: Int,
        coinbaseSuffix: [UInt8],
        branch: [Hash256],
        previousHash: Hash256,
        bits: CompactBits
    ) {
        precondition((0...32).contains(extranonceSize), "an extranonce has at most 32 bytes")
        self.coinbasePrefix = coinbasePrefix
        self.extranonceSize = extranonceSize
        self.coinbaseSuffix = coinbaseSuffix
        self.branch = branch
        self.previousHash = previousHash
        self.bits = bits

        let fieldOffset = coinbasePrefix.count % 64
        let begun = coinbasePrefix.count - fieldOffset
        var sha = SHA256()
        sha.update(coinbasePrefix[..<begun])

        // What is left of the coinbase with its padding, the field as zeros.
        var rest = Array(coinbasePrefix[begun...]) + [UInt8](repeating: 0, count: extranonceSize) + coinbaseSuffix + [0x80]
        rest += [UInt8](repeating: 0, count: (64 + 56 - rest.count % 64) % 64)
        let bitCount = UInt64(coinbasePrefix.count + extranonceSize + coinbaseSuffix.count) * 8
        rest += (0..<8).map { UInt8(truncatingIfNeeded: bitCount >> UInt64(56 - 8 * $0)) }
        headBlocks = max(1, (fieldOffset + extranonceSize + 63) / 64)
        tailBlocks = rest.count / 64 - headBlocks

        let mask = [UInt8](repeating: 0, count: fieldOffset % 4) + [UInt8](repeating: 0xff, count: extranonceSize)
        var words = (0..<8).map { sha.state[$0] }
        words += Words.of(block: previousHash.internalBytes)
        words += Words.of(block: mask + [UInt8](repeating: 0, count: 4 * JudgePlan.fieldWords - mask.count))
        words += Words.of(block: rest.prefix(64 * headBlocks))
        for block in 0..<tailBlocks {
            words += Words.roundInputs(block: Words.of(block: rest[(64 * (headBlocks + block))...].prefix(64)))
        }
        for sibling in branch { words += Words.knownHalf(Words.of(block: sibling.internalBytes)) }
        self.words = words
    }

    /// Words that a field of 32 bytes touches at most.
    private static let fieldWords = 9

    /// Lends the kernels' view of the plan.
    func withPrepared<Result>(_ body: (UnsafePointer<hashing_plan>) -> Result) -> Result {
        words.withUnsafeBufferPointer { words in
            let midstate = words.baseAddress
            let previous = midstate.map { $0 + 8 }
            let mask = previous.map { $0 + 8 }
            let head = mask.map { $0 + JudgePlan.fieldWords }
            let tail = head.map { $0 + 16 * headBlocks }
            let siblings = tail.map { $0 + 64 * tailBlocks }
            let fieldOffset = coinbasePrefix.count % 64
            var plan = hashing_plan(
                midstate: midstate,
                head: head,
                field_mask: mask,
                tail: tail,
                branch: siblings,
                previous: previous,
                bits: bits.rawValue.byteSwapped,
                head_blocks: UInt32(headBlocks),
                tail_blocks: UInt32(tailBlocks),
                branch_length: UInt32(branch.count),
                field_word: UInt32(fieldOffset / 4),
                field_words: UInt32(extranonceSize == 0 ? 0 : (fieldOffset % 4 + extranonceSize + 3) / 4),
                field_shift: UInt32(fieldOffset % 4)
            )
            return body(&plan)
        }
    }
}
