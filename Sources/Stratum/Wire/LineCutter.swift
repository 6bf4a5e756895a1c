import Glibc

/// Cuts what a socket gave into lines: one message each, ended by a line feed, with a stated limit.
///
/// `\r\n`, blank lines and white space around a message are taken; so are several messages in one read and one message over many reads.
struct LineCutter {
    /// The longest line, its end not counted, in bytes. Twice what a coinbase of 4 kB would need in a request; no firmware sends a quarter of it.
    static let limit = 16_384

    enum Piece: Equatable {
        /// A message, without the white space around it; never empty.
        case line(Range<Int>)
        /// What is left begins a line that has not ended yet; empty when nothing is left.
        case rest(Range<Int>)
        /// The line is longer than the limit, ended or not.
        case tooLong
    }

    private var position = 0

    /// The next piece of `bytes`, which must be the same at every call.
    mutating func next(in bytes: Span<UInt8>) -> Piece {
        while position < bytes.count {
            let start = position
            guard let end = Self.lineFeed(in: bytes, from: start) else {
                position = bytes.count
                return bytes.count - start > Self.limit ? .tooLong : .rest(start..<bytes.count)
            }
            position = end + 1
            guard end - start <= Self.limit else { return .tooLong }
            let line = Self.trim(bytes, start..<end)
            if !line.isEmpty { return .line(line) }
        }
        return .rest(bytes.count..<bytes.count)
    }

    private static func lineFeed(in bytes: Span<UInt8>, from start: Int) -> Int? {
        bytes.withUnsafeBufferPointer { buffer in
            // `start` lies below `count`, so there is a base address and the search stays within the buffer.
            guard let base = buffer.baseAddress, let found = memchr(base + start, 0x0a, buffer.count - start) else { return nil }
            return UnsafeRawPointer(base).distance(to: UnsafeRawPointer(found))
        }
    }

    private static func trim(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Range<Int> {
        var (start, end) = (range.lowerBound, range.upperBound)
        while start < end, isSpace(bytes[start]) { start += 1 }
        while end > start, isSpace(bytes[end - 1]) { end -= 1 }
        return start..<end
    }

    private static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 || byte == 0x0d }
}
