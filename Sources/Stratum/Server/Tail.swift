internal import Glibc

/// The beginning of a line whose end has not come yet.
struct Tail: ~Copyable {
    private var base: UnsafeMutablePointer<UInt8>?
    private(set) var count = 0

    deinit { base?.deallocate() }

    /// Moves the bytes to the front of a buffer that has room for the longest line, and forgets them.
    mutating func move(to buffer: UnsafeMutableRawBufferPointer) -> Int {
        guard let base, let target = buffer.baseAddress else { return 0 }
        memcpy(target, base, count)
        base.deallocate()
        self.base = nil
        defer { count = 0 }
        return count
    }

    var bytes: [UInt8] { Array(UnsafeBufferPointer(start: base, count: count)) }

    /// Keeps bytes; there are none yet.
    mutating func keep(_ bytes: UnsafeRawBufferPointer) {
        guard let source = bytes.baseAddress, !bytes.isEmpty else { return }
        let copy = UnsafeMutablePointer<UInt8>.allocate(capacity: bytes.count)
        memcpy(copy, source, bytes.count)
        base?.deallocate()
        base = copy
        count = bytes.count
    }
}
