import Testing

@testable import Stratum

@Suite("A state on its way to another process")
struct HandoverStreamTests {
    private struct Sample: Equatable {
        var number: Int32 = 0
        var wide: UInt128 = 0
        var real = 0.0
        var flag = false
        var text = ""
        var bytes: [UInt8] = []
        var list: [UInt16] = []
        var maybe: String?
        var socket: Int32 = -1

        mutating func pass(through stream: inout HandoverStream) throws(HandoverStream.Failure) {
            try stream.pass(&number)
            try stream.pass(&wide)
            try stream.pass(&real)
            try stream.pass(&flag)
            try stream.pass(&text)
            try stream.pass(&bytes)
            try stream.pass(&list, blank: 0) { stream, value throws(HandoverStream.Failure) in try stream.pass(&value) }
            try stream.pass(&maybe, blank: "") { stream, value throws(HandoverStream.Failure) in try stream.pass(&value) }
            try stream.pass(socket: &socket)
        }
    }

    private static let samples = [
        Sample(),
        Sample(number: -7, wide: .max, real: 1e-10, flag: true, text: "schürfen", bytes: [0, 255], list: [1, 65_535], maybe: "", socket: 12),
        Sample(number: .min, wide: 1 << 100, real: -.infinity, text: "", bytes: Array(repeating: 9, count: 70_000), maybe: "x", socket: 0),
    ]

    @Test("reads what was written", arguments: samples.indices)
    func roundTrip(index: Int) throws {
        var written = HandoverStream()
        var before = Self.samples[index]
        try before.pass(through: &written)
        var reading = HandoverStream(reading: written.bytes, sockets: written.sockets)
        var after = Sample(number: 99, text: "other", list: [7], maybe: "other")
        try after.pass(through: &reading)
        #expect(after == before)
    }

    @Test("cut anywhere, it is an error and no crash")
    func cutShort() throws {
        var written = HandoverStream()
        var sample = Self.samples[1]
        try sample.pass(through: &written)
        for count in 0..<written.bytes.count {
            var reading = HandoverStream(reading: Array(written.bytes[..<count]), sockets: written.sockets)
            var other = Sample()
            #expect(throws: HandoverStream.Failure.self) { try other.pass(through: &reading) }
        }
    }

    @Test("a socket that did not come along is an error")
    func missingSocket() throws {
        var written = HandoverStream()
        var sample = Self.samples[1]
        try sample.pass(through: &written)
        var reading = HandoverStream(reading: written.bytes, sockets: [])
        var other = Sample()
        #expect(throws: HandoverStream.Failure.unreadable("socket 0 of 0")) { try other.pass(through: &reading) }
    }

    @Test("sessions' measurements go on, their settings are the new process's own")
    func difficulty() throws {
        var before = DifficultyControl(settings: DifficultySettings(start: 64, minimum: 1), at: 0)
        before.begin(at: 0)
        for share in 1...40 { _ = before.record(shareOf: before.current.value, at: Int64(share) * 100) }
        _ = before.require(minimum: 16, at: 4_000)
        var written = HandoverStream()
        try before.pass(through: &written)
        var after = DifficultyControl(settings: DifficultySettings(start: 1, minimum: 1), at: 5_000)
        var reading = HandoverStream(reading: written.bytes, sockets: [])
        try after.pass(through: &reading)
        #expect(after.current == before.current)
        #expect(after.promised == 16)
        #expect(after.record(shareOf: 1e12, at: 5_100) == before.record(shareOf: 1e12, at: 5_100))
        #expect(after.current == before.current)
    }
}
