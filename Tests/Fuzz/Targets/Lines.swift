@testable import Stratum

extension FuzzTarget {
    /// Line framing: however a socket splits a stream into reads, the lines are those of the whole stream.
    ///
    /// Input: a count, as many read sizes (later reads are large), a length of filler in hundreds of bytes (so that the line limit is near), the stream.
    static let lines = FuzzTarget(name: "lines") { input in
        var choices = Choices(input)
        let sizes = (0..<(choices.byte() % 32)).map { _ in Int(choices.byte()) }
        let filler = [UInt8](repeating: 0x78, count: 100 * Int(choices.byte()))
        let stream = filler + choices.bytes
        let whole = LineStream.whole(stream)
        require(LineStream.cut(stream, reads: sizes) == whole, "other lines when read in \(sizes)")
        require(LineStream.cut(stream, reads: [stream.count]) == whole, "other lines when read at once")
    } seeds: {
        [
            ("usual", [3, 5, 9, 200, 0] + Array("{\"id\":1}\n{\"id\":2}\r\n \t{\"id\":3} \n\n\r\nhalf".utf8)),
            ("limit", [2, 255, 255, 163] + [UInt8](repeating: 0x79, count: 84) + Array("\nnext\n".utf8)),
            ("too-long", [1, 1, 164, 0x0a]), ("empty", []),
        ]
    }
}

/// A stream's lines, the unfinished one with its length, and whether one was too long.
private struct LineStream: Equatable {
    var lines: [[UInt8]] = []
    var rest = 0
    var isTooLong = false

    /// Read by read, what is left of one put before the next, as a connection does it.
    static func cut(_ stream: [UInt8], reads sizes: [Int]) -> LineStream {
        var result = LineStream()
        var (held, position, turn): ([UInt8], Int, Int) = ([], 0, 0)
        while position < stream.count {
            let size = turn < sizes.count ? max(1, sizes[turn]) : 4_096
            turn += 1
            let bytes = held + stream[position..<min(stream.count, position + size)]
            position = min(stream.count, position + size)
            var cutter = LineCutter()
            piece: while true {
                switch cutter.next(in: bytes.span) {
                case .line(let range): result.lines.append(Array(bytes[range]))
                case .rest(let range):
                    held = Array(bytes[range])
                    break piece
                case .tooLong:
                    result.isTooLong = true
                    return result
                }
            }
            require(held.count <= LineCutter.limit, "\(held.count) bytes are kept between reads")
        }
        result.rest = held.count
        return result
    }

    /// The same by the plainest of means.
    static func whole(_ stream: [UInt8]) -> LineStream {
        var result = LineStream()
        let parts = stream.split(separator: 0x0a, omittingEmptySubsequences: false)
        for (index, part) in parts.enumerated() {
            guard part.count <= LineCutter.limit else {
                result.isTooLong = true
                return result
            }
            guard index < parts.count - 1 else {
                result.rest = part.count
                break
            }
            let isSpace = { (byte: UInt8) in byte == 0x20 || byte == 0x09 || byte == 0x0d }
            let line = Array(part.drop(while: isSpace).reversed().drop(while: isSpace).reversed())
            if !line.isEmpty { result.lines.append(line) }
        }
        return result
    }
}
