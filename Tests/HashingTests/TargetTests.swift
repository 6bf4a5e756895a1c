import Hashing
import Randomness
import Testing

@Suite struct TargetTests {
    @Test func equalityMeetsATarget() {
        let target = Target(value: UInt256(high: 5, low: 7))
        #expect(target.isMet(by: Hash256(number: UInt256(high: 5, low: 7))))
        #expect(target.isMet(by: Hash256(number: UInt256(high: 4, low: .max))))
        #expect(!target.isMet(by: Hash256(number: UInt256(high: 5, low: 8))))
        #expect(Target.max.isMet(by: Hash256(number: .max)))
    }

    /// The cases a node's own arithmetic is held to: bits, the number, the bits written back.
    @Test(
        arguments: [
            (0x0112_3456, "12", 0x0112_0000),
            (0x0212_3456, "1234", 0x0212_3400),
            (0x0312_3456, "123456", 0x0312_3456),
            (0x0412_3456, "12345600", 0x0412_3456),
            (0x0500_9234, "92340000", 0x0500_9234),
            (0x0200_8000, "80", 0x0200_8000),
            (0x2012_3456, "1234560000000000000000000000000000000000000000000000000000000000", 0x2012_3456),
            (0x1d00_ffff, "ffff0000000000000000000000000000000000000000000000000000", 0x1d00_ffff),
            (0x207f_ffff, "7fffff0000000000000000000000000000000000000000000000000000000000", 0x207f_ffff),
            (0x2100_ffff, "ffff000000000000000000000000000000000000000000000000000000000000", 0x2100_ffff),
            (0x2200_00ff, "ff00000000000000000000000000000000000000000000000000000000000000", 0x2100_ff00),
        ] as [(UInt32, String, UInt32)]
    )
    func readsCompactBits(bits: UInt32, hex: String, written: UInt32) throws {
        let target = try #require(Target(bits: CompactBits(rawValue: bits)))
        #expect(target.value == UInt256(hex: hex))
        #expect(target.bits == CompactBits(rawValue: written))
    }

    @Test(
        arguments: [
            0, 0x0012_3456, 0x0100_3456, 0x0200_0056, 0x0300_0000, 0x0400_0000, 0xff00_0000,  // zero
            0x0180_3456, 0x0380_0000, 0x0480_0000,  // zero with a sign
            0x01fe_dcba, 0x0492_3456, 0x1d80_ffff,  // negative
            0xff12_3456, 0x2112_3456, 0x2201_0000, 0x2200_0100, 0x2300_0001,  // more than 256 bits
        ] as [UInt32]
    )
    func refusesWhatNodesRefuse(bits: UInt32) {
        #expect(Target(bits: CompactBits(rawValue: bits)) == nil)
    }

    @Test func compactBitsRoundDown() throws {
        var random = SeededGenerator(seed: 4)
        for _ in 0..<1000 {
            let target = Target(value: Swift.max(random.number() >> Int.random(in: 0..<256, using: &random), .one))
            let rounded = try #require(Target(bits: target.bits))
            #expect(rounded <= target)
            #expect(rounded.bits == target.bits)
            #expect(target.value.bitWidth <= 15 || rounded.value >= target.value &- (target.value >> 15))
        }
        #expect(CompactBits(hex: "1d00ffff")?.rawValue == 0x1d00_ffff)
        #expect(CompactBits(rawValue: 0x1d00_ffff).description == "1d00ffff")
        #expect(CompactBits(hex: "1d00fff") == nil)
    }

    @Test func weightIsTheExactNumberOfExpectedHashes() throws {
        #expect(Target.max.weight == 1)
        #expect(Target(value: .max >> 1).weight == 2)
        #expect(Target.difficultyOne.weight == 0x1_0001_0001)
        #expect(try #require(Target(bits: CompactBits(rawValue: 0x207f_ffff))).weight == 2)
        #expect(Target(value: UInt256(high: 0, low: .max)).weight == .max)
        #expect(Target(value: UInt256(high: 1, low: 0)).weight == .max)
        #expect(Target(value: .zero).weight == .max)
        var random = SeededGenerator(seed: 5)
        for _ in 0..<1000 {
            let target = Target(value: random.number() >> Int.random(in: 0..<100, using: &random))
            let divisor = Natural(target.value) + Natural(1 as UInt8)
            let all = Natural(1 as UInt8) << 256
            #expect(Natural(target.weight) * divisor <= all)
            #expect(all < (Natural(target.weight) + Natural(1 as UInt8)) * divisor)
        }
    }
}
