import Testing

@testable import Bitcoin

@Suite struct HashBlockReaderTests {
    static func message(_ sequence: UInt32, topic: String = "hashblock", hashSize: Int = 32, sequenceSize: Int = 4) -> [[UInt8]] {
        [
            Array(topic.utf8), [UInt8](repeating: 0, count: hashSize),
            (0..<sequenceSize).map { $0 < 4 ? UInt8(truncatingIfNeeded: sequence >> (8 * $0)) : 0 },
        ]
    }

    static let gaps: [(last: UInt32, next: UInt32, missed: UInt32, isFromNewStart: Bool)] = [
        (0, 1, 0, false),
        (0, 5, 4, false),
        (.max, 0, 0, false),
        (.max, 2, 2, false),
        (1_000, 0, 0, true),
        (1_000, 3, 3, true),
        (5, 5, 5, true),
    ]

    @Test(arguments: gaps)
    func gapsAreCounted(last: UInt32, next: UInt32, missed: UInt32, isFromNewStart: Bool) {
        var reader = HashBlockReader()
        #expect(reader.read(Self.message(last))?.missed == 0)
        let notice = reader.read(Self.message(next))
        #expect(notice?.sequence == next)
        #expect(notice?.missed == missed)
        #expect(notice?.isFromNewStart == isFromNewStart)
    }

    @Test(
        arguments: [
            [], [[]], Array(message(1).prefix(2)), message(1) + [[]], message(1, topic: "hashtx"), message(1, topic: "hashblocks"),
            message(1, hashSize: 31), message(1, hashSize: 33), message(1, sequenceSize: 3), message(1, sequenceSize: 8),
        ] as [[[UInt8]]]
    )
    func otherMessagesAreLeftOut(parts: [[UInt8]]) {
        var reader = HashBlockReader()
        #expect(reader.read(parts) == nil)
        // Nor do they count.
        #expect(reader.read(Self.message(9))?.missed == 0)
    }
}
