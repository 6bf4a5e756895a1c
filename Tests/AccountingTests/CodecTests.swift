import Testing

@testable import Accounting

@Suite("What the log writes, it reads")
struct CodecTests {
    @Test func crc32cHasItsCheckValue() {
        #expect(CRC32C.checksum(Array("123456789".utf8)[...]) == 0xe306_9283)
        let bytes = (0..<1000).map { UInt8(truncatingIfNeeded: $0 &* 7) }
        for cut in 0...40 {
            #expect(CRC32C.checksum(bytes[cut...], after: CRC32C.checksum(bytes[..<cut])) == CRC32C.checksum(bytes[...]))
        }
    }

    @Test func variableLengthIntegers() {
        var bytes: [UInt8] = []
        let values: [UInt128] = [0, 1, 127, 128, 300, 1 << 63, .max]
        for value in values { bytes.append(variable: value) }
        var reader = ByteReader(bytes[...])
        for value in values { #expect(reader.variable(UInt128.self) == value) }
        #expect(reader.remaining == 0)
        var tooLarge = ByteReader(bytes.suffix(19))
        #expect(tooLarge.variable(UInt64.self) == nil)
    }

    @Test func groupsComeBackUnderTheHandlesOfTheReader() throws {
        let writer = WorkerDirectory(capacity: 100)
        for number in 0..<50 { _ = writer.handle(account: "a\(number / 5)", worker: "wörker\(number)") }
        let reader = WorkerDirectory(capacity: 10)
        _ = reader.handle(account: "someone", worker: "else")
        var encoder = GroupEncoder()
        var decoder = GroupDecoder()
        for sequence in 1...100 as ClosedRange<UInt64> {
            if sequence == 60 {
                encoder.rotate()
                decoder = GroupDecoder()
            }
            var group = ShareGroup(sequence: sequence, time: 1_700_000_000_000 + Int64(sequence))
            for _ in 0..<Int.random(in: 0...8) {
                group.credits.append(
                    .init(worker: .random(in: 0..<50), count: .random(in: 1...9), weight: .random(in: 1...(1 << 120)), best: Bool.random() ? 0 : 2.5)
                )
            }
            for _ in 0..<Int.random(in: 0...3) { group.refusals.append(.init(worker: .random(in: 0..<50), reason: .random(in: 0..<16), count: 3)) }
            let payload = encoder.encode(group) { writer.names }
            let decoded = decoder.decode(payload[...], sequence: sequence, directory: reader)
            let read = try #require(decoded)
            #expect(read.time == group.time)
            #expect(read.credits.map { reader[$0.worker] } == group.credits.map { writer[$0.worker] })
            #expect(read.credits.map(\.weight) == group.credits.map(\.weight))
            #expect(read.credits.map(\.best) == group.credits.map(\.best))
            #expect(read.refusals.map(\.reason) == group.refusals.map(\.reason))
            #expect(read.refusals.map { reader[$0.worker] } == group.refusals.map { writer[$0.worker] })
            for cut in 0..<payload.count {
                var fresh = decoder
                #expect(fresh.decode(payload[..<cut], sequence: sequence, directory: reader) == nil)
            }
        }
    }

    /// Found by fuzzing: a repaired name is longer than what was read, and could be too long to be read again.
    @Test func aNameThatIsNoTextIsNoName() {
        func payload(naming account: [UInt8]) -> [UInt8] {
            var payload: [UInt8] = [GroupEncoder.version]
            payload.append(variable: 1_700_000_000_000 as UInt64)
            payload += [1, 0, UInt8(account.count)] + account + [0]
            // One credit of the worker, and no refusal.
            return payload + [1, 0, 2, 7, 0]
        }
        let directory = WorkerDirectory(capacity: 10)
        var decoder = GroupDecoder()
        #expect(decoder.decode(payload(naming: Array("tb1q".utf8))[...], sequence: 1, directory: directory)?.credits.count == 1)
        for account in [[0xff], Array("tb1q".utf8) + [0xc3], [0xed, 0xa0, 0x80]] as [[UInt8]] {
            #expect(decoder.decode(payload(naming: account)[...], sequence: 1, directory: directory) == nil)
        }
        #expect(directory.count == 1)
    }

    @Test func limbsAddUp() {
        for _ in 0..<200 {
            let numbers = (0..<500).map { _ in UInt128.random(in: 0...(1 << 110)) >> UInt128.random(in: 0...100) }
            var sum = Limbs(low: 0, middle: 0, high: 0)
            for number in numbers {
                let limbs = Limbs(number)
                sum = Limbs(low: sum.low + limbs.low, middle: sum.middle + limbs.middle, high: sum.high + limbs.high)
            }
            #expect(sum.value == numbers.reduce(0, +))
        }
        #expect(Limbs(low: -1, middle: 0, high: 0).value == nil)
    }

    @Test func theDirectoryIsBounded() {
        let directory = WorkerDirectory(capacity: 2)
        #expect(directory.handle(account: "a", worker: "") == 0)
        #expect(directory.handle(account: "a", worker: "b") == 1)
        #expect(directory.handle(account: "c", worker: "") == nil)
        #expect(directory.handle(account: "a", worker: "b") == 1)
        #expect(directory.handle(account: String(repeating: "x", count: 129), worker: "") == nil)
        #expect(directory.handle(account: "a", worker: "b\0") == nil)
    }

    @Test func inventedNamesLeaveNothingBehind() {
        let directory = WorkerDirectory(capacity: 3)
        #expect(directory.handle(account: "miner", worker: "") == 0)
        for number in 0..<1_000 {
            let first = directory.admit(account: "x", worker: "\(number)")
            #expect(first == 1 && directory.admit(account: "x", worker: "\(number)") == first)
            #expect(directory[1]?.worker == "\(number)")
            directory.dismiss(1, isOnRecord: false)
            #expect(directory.known(account: "x", worker: "\(number)") == 1)
            directory.dismiss(1, isOnRecord: false)
            #expect(directory.known(account: "x", worker: "\(number)") == nil)
        }
        #expect(directory.count == 2)
        // One that is on record stays, whoever goes and in whichever order.
        #expect(directory.admit(account: "y", worker: "") == 1 && directory.admit(account: "y", worker: "") == 1)
        directory.dismiss(1, isOnRecord: true)
        directory.dismiss(1, isOnRecord: false)
        #expect(directory.admit(account: "y", worker: "") == 1)
        directory.dismiss(1, isOnRecord: false)
        #expect(directory.known(account: "y", worker: "") == 1)
        // So does one that a guest brought in and a journal entry names.
        #expect(directory.admit(account: "z", worker: "") == 2 && directory.handle(account: "z", worker: "") == 2)
        directory.dismiss(2, isOnRecord: false)
        #expect(directory.known(account: "z", worker: "") == 2)
        #expect(directory.admit(account: "late", worker: "") == nil)
    }
}
