import Hashing
import Randomness
import Testing

@Suite struct UInt256Tests {
    @Test func ordersByTheHighHalfFirst() {
        #expect(UInt256(high: 1, low: 0) > UInt256(high: 0, low: .max))
        #expect(UInt256(high: 1, low: 2) > UInt256(high: 1, low: 1))
        #expect(!(UInt256.max < UInt256.max))
    }

    @Test func carriesBetweenTheHalves() {
        #expect(UInt256(high: 0, low: .max) &+ .one == UInt256(high: 1, low: 0))
        #expect(UInt256(high: 1, low: 0) &- .one == UInt256(high: 0, low: .max))
        #expect(UInt256.max &+ .one == .zero)
        #expect(UInt256.max.addingReportingOverflow(.one).overflow)
        #expect(UInt256(high: .max, low: .max).addingReportingOverflow(UInt256(high: .max, low: .max)) == (~.one, true))
        #expect(UInt256.zero.subtractingReportingOverflow(.one) == (.max, true))
        #expect(UInt256(high: .max, low: 0).addingReportingOverflow(UInt256(high: 0, low: .max)).overflow == false)
    }

    @Test(arguments: [-300, -256, -129, -128, -127, -1, 0, 1, 63, 64, 127, 128, 129, 255, 256, 300])
    func shiftsLikeItsBits(count: Int) {
        let value = UInt256(high: 0x8123_4567_89ab_cdef_0011_2233_4455_6677, low: 0x8899_aabb_ccdd_eeff_fedc_ba98_7654_3211)
        let shifted = value << count
        for bit in 0..<256 {
            let source = bit - count
            let expected = (0..<256).contains(source) && (value >> source).low & 1 == 1
            #expect(((shifted >> bit).low & 1 == 1) == expected)
        }
        #expect(value >> -count == shifted)
    }

    @Test func dividesExactly() {
        var random = SeededGenerator(seed: 1)
        for _ in 0..<500 {
            let dividend = random.number() >> Int.random(in: 0..<256, using: &random)
            let divisor = Swift.max(random.number() >> Int.random(in: 0..<256, using: &random), .one)
            let (quotient, remainder) = dividend.quotientAndRemainder(dividingBy: divisor)
            #expect(remainder < divisor)
            #expect(Natural(quotient) * Natural(divisor) + Natural(remainder) == Natural(dividend))
        }
    }

    @Test func multipliesUpToTheLargest() {
        var random = SeededGenerator(seed: 2)
        for _ in 0..<500 {
            let number = random.number() >> Int.random(in: 0..<256, using: &random)
            let factor = UInt64.random(in: .min ... .max, using: &random) >> UInt64.random(in: 0..<64, using: &random)
            let product = Natural(number) * Natural(factor)
            #expect(Natural(number.multipliedSaturating(by: factor)) == min(product, Natural(UInt256.max)))
        }
    }

    @Test func readsAndWritesHex() {
        var random = SeededGenerator(seed: 3)
        for _ in 0..<50 {
            let number = random.number()
            #expect(UInt256(hex: number.hex) == number)
        }
        #expect(UInt256(hex: "1F") == UInt256(31 as UInt8))
        #expect(UInt256.one.hex == String(repeating: "0", count: 63) + "1")
        #expect(UInt256(hex: "") == nil)
        #expect(UInt256(hex: "0g") == nil)
        #expect(UInt256(hex: String(repeating: "0", count: 65)) == nil)
    }
}

extension Natural {
    init(_ value: UInt256) { self = (Natural(value.high) << 128) + Natural(value.low) }
}
