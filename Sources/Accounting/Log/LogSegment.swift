/// One file of a share log: a head, then frames.
///
/// ```
/// head  = "MLSHARES" first(8) checksum(4)                            first: the sequence of the first frame
/// frame = length(4) sequence(8) checksum(4) payload(length)          checksum: of length, sequence and payload
/// ```
/// Numbers are little-endian, checksums CRC-32C.
struct LogSegment: ~Copyable {
    private static let magic = Array("MLSHARES".utf8)
    private static let headBytes = 20
    private static let frameHeadBytes = 16
    /// More than any group can be: a longer length is not a frame.
    private static let maximumPayload = 256 << 20

    private let file: File
    /// Where the next frame goes.
    private(set) var end = headBytes
    private var reserved: Int
    private let step: Int

    var path: String { file.path }

    init(path: String, first: UInt64, step: Int) throws(LedgerError) {
        let created = try File(creating: path, exclusively: true)
        var head = Self.magic
        head.append(littleEndian: first)
        head.append(littleEndian: CRC32C.checksum(head[...]))
        try created.reserve(from: 0, bytes: step)
        try created.write(head, at: 0)
        try created.sync()
        file = created
        reserved = step
        self.step = step
    }

    mutating func append(_ payload: [UInt8], sequence: UInt64, sync: Bool) throws(LedgerError) {
        var frame: [UInt8] = []
        frame.reserveCapacity(Self.frameHeadBytes + payload.count)
        frame.append(littleEndian: UInt32(payload.count))
        frame.append(littleEndian: sequence)
        frame.append(littleEndian: CRC32C.checksum(payload[...], after: CRC32C.checksum(frame[...])))
        frame.append(contentsOf: payload)
        try reserve(through: end + frame.count)
        try file.write(frame, at: end)
        if sync { try file.sync() }
        end += frame.count
    }

    /// Gives back what was set aside after the last whole frame, and the frame that failed there.
    func cutTail() {
        try? file.truncate(to: end)
    }

    private mutating func reserve(through size: Int) throws(LedgerError) {
        while reserved < size {
            try file.reserve(from: reserved, bytes: step)
            reserved += step
        }
    }

    /// The sequence in a segment's head; nil when the head is not whole.
    static func firstSequence(_ path: String) throws(LedgerError) -> UInt64? {
        let head = try File(reading: path).read(at: 0, limit: headBytes)
        guard head.count == headBytes, Array(head[..<8]) == magic else { return nil }
        var reader = ByteReader(head[8...])
        guard let first = reader.littleEndian(UInt64.self), let checksum = reader.littleEndian(UInt32.self) else { return nil }
        return checksum == CRC32C.checksum(head[..<16]) ? first : nil
    }

    /// Calls `body` for every frame up to the first that is not whole or not next in sequence.
    static func read(
        _ path: String,
        first: UInt64,
        _ body: (UInt64, ArraySlice<UInt8>) throws(LedgerError) -> Void
    ) throws(LedgerError) {
        let file = try File(reading: path)
        var offset = headBytes
        var expected = first
        while true {
            let head = try file.read(at: offset, limit: frameHeadBytes)
            var reader = ByteReader(head[...])
            guard let length = reader.littleEndian(UInt32.self), let sequence = reader.littleEndian(UInt64.self),
                let checksum = reader.littleEndian(UInt32.self), length > 0, length <= maximumPayload, sequence == expected
            else { return }
            let payload = try file.read(at: offset + frameHeadBytes, limit: Int(length))
            guard payload.count == Int(length),
                checksum == CRC32C.checksum(payload[...], after: CRC32C.checksum(head[..<12]))
            else { return }
            try body(sequence, payload[...])
            offset += frameHeadBytes + Int(length)
            expected += 1
        }
    }
}
