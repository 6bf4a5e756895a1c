import Glibc

/// Bytes on their way to one socket. Empty for an idle connection: blocks come from the loop's pool and go back when all is sent.
struct OutputBuffer: ~Copyable {
    private var base: UnsafeMutablePointer<UInt8>?
    private var capacity: Int32 = 0
    private var start: Int32 = 0
    private var end: Int32 = 0

    deinit { base?.deallocate() }

    var isEmpty: Bool { start == end }
    var count: Int { Int(end - start) }

    /// The bytes not sent yet.
    var unsent: UnsafeRawBufferPointer { UnsafeRawBufferPointer(start: base.map { $0 + Int(start) }, count: count) }

    /// Room for `count` more bytes, to be written at once and all of it.
    mutating func extend(by count: Int, from pool: borrowing BlockPool) -> UnsafeMutablePointer<UInt8> {
        if let base, Int(capacity - end) >= count {
            defer { end += Int32(count) }
            return base + Int(end)
        }
        return grow(by: count, from: pool)
    }

    mutating func append(_ bytes: UnsafeRawBufferPointer, from pool: borrowing BlockPool) {
        guard let source = bytes.baseAddress else { return }
        memcpy(extend(by: bytes.count, from: pool), source, bytes.count)
    }

    mutating func append(_ bytes: [UInt8], from pool: borrowing BlockPool) {
        bytes.withUnsafeBytes { append($0, from: pool) }
    }

    /// The first `count` unsent bytes are sent.
    mutating func advance(by count: Int, into pool: borrowing BlockPool) {
        start += Int32(count)
        guard start == end else { return }
        start = 0
        end = 0
        if let base { pool.giveBack(base, capacity: Int(capacity)) }
        base = nil
        capacity = 0
    }

    /// What was not sent never will be.
    mutating func drop(into pool: borrowing BlockPool) {
        if let base { pool.giveBack(base, capacity: Int(capacity)) }
        base = nil
        (capacity, start, end) = (0, 0, 0)
    }

    /// Rare, so kept out of the way of ``extend(by:from:)``.
    @inline(never)
    private mutating func grow(by count: Int, from pool: borrowing BlockPool) -> UnsafeMutablePointer<UInt8> {
        let held = self.count
        let (block, size) = pool.take(atLeast: held + count)
        if let base {
            memcpy(block, base + Int(start), held)
            pool.giveBack(base, capacity: Int(capacity))
        }
        base = block
        capacity = Int32(size)
        start = 0
        end = Int32(held + count)
        return block + held
    }
}

/// One loop's spare blocks of the usual size; larger ones are allocated and freed as needed.
///
/// The list lies behind a pointer, so that buffers can draw on the pool while the loop's other parts are in use.
struct BlockPool: ~Copyable {
    private static let blockSize = 4_096
    private static let spareLimit = 1_024

    /// So many bytes may be lent before slow readers count as too many.
    private static let crowd = 128 << 20

    private struct State {
        var spare: [UnsafeMutablePointer<UInt8>] = []
        var lent = 0
    }

    private let state: UnsafeMutablePointer<State>

    init() {
        state = .allocate(capacity: 1)
        state.initialize(to: State())
    }

    deinit {
        for block in state.pointee.spare { block.deallocate() }
        state.deinitialize(count: 1)
        state.deallocate()
    }

    /// Whether what miners have not read is so much that it must not grow.
    var isCrowded: Bool { state.pointee.lent > Self.crowd }

    func take(atLeast count: Int) -> (UnsafeMutablePointer<UInt8>, size: Int) {
        if count <= Self.blockSize {
            state.pointee.lent += Self.blockSize
            return (state.pointee.spare.popLast() ?? .allocate(capacity: Self.blockSize), Self.blockSize)
        }
        var size = 2 * Self.blockSize
        while size < count { size *= 2 }
        state.pointee.lent += size
        return (.allocate(capacity: size), size)
    }

    func giveBack(_ block: UnsafeMutablePointer<UInt8>, capacity: Int) {
        state.pointee.lent -= capacity
        guard capacity == Self.blockSize, state.pointee.spare.count < Self.spareLimit else { return block.deallocate() }
        state.pointee.spare.append(block)
    }
}
