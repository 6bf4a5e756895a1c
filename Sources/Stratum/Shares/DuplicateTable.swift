import CLinux
import Hashing

/// The shares of one job that were credited, by 64 bits of their header's hash.
///
/// The hash stands for everything that makes the header: work, extranonces, time, nonce, version (design, invariant 6). Two shares agree in these
/// bits by chance once in 2^64 pairs. Open addressing with linear probing; it grows by doubling and is freed with its job.
struct DuplicateTable: ~Copyable {
    enum Insertion: Equatable {
        case inserted
        case duplicate
        /// As full as it may become.
        case full
    }

    private var keys: UnsafeMutablePointer<UInt64>
    private var mask: Int
    private(set) var count = 0
    private let limit: Int

    /// - Parameter limit: shares at most; 8 bytes each at least, 21 at most.
    init(limit: Int = 1 << 25) {
        self.limit = limit
        mask = 63
        keys = Self.allocate(64)
    }

    deinit { keys.deallocate() }

    mutating func insert(_ hash: Hash256) -> Insertion { insert(key: Self.key(of: hash)) }

    @inline(__always)
    private mutating func insert(key: UInt64) -> Insertion {
        var place = Int(truncatingIfNeeded: key) & mask
        while keys[place] != 0 {
            if keys[place] == key { return .duplicate }
            place = (place + 1) & mask
        }
        guard count < limit else { return .full }
        keys[place] = key
        count += 1
        if count * 8 > (mask + 1) * 5 { grow() }
        return .inserted
    }

    /// Announces an insertion: a large table lies in no cache, and the places of a whole batch can be fetched while others are judged.
    func prepare(for hash: Hash256) { linux_prefetch(keys + (Int(truncatingIfNeeded: Self.key(of: hash)) & mask)) }

    /// The number's low end: its high end is the zeros that make a share. No key is zero, which marks a free place.
    @inline(__always)
    private static func key(of hash: Hash256) -> UInt64 { max(1, UInt64(truncatingIfNeeded: hash.number.low)) }

    /// Bytes that the table takes.
    var size: Int { (mask + 1) * MemoryLayout<UInt64>.stride }

    private mutating func grow() {
        let old = keys
        let oldCapacity = mask + 1
        mask = 2 * oldCapacity - 1
        keys = Self.allocate(2 * oldCapacity)
        for index in 0..<oldCapacity where old[index] != 0 {
            var place = Int(truncatingIfNeeded: old[index]) & mask
            while keys[place] != 0 { place = (place + 1) & mask }
            keys[place] = old[index]
        }
        old.deallocate()
    }

    private static func allocate(_ capacity: Int) -> UnsafeMutablePointer<UInt64> {
        let keys = UnsafeMutablePointer<UInt64>.allocate(capacity: capacity)
        keys.initialize(repeating: 0, count: capacity)
        return keys
    }
}

extension DuplicateTable {
    /// The headers that were credited go to the next process.
    mutating func pass(through stream: inout HandoverStream) throws(HandoverStream.Failure) {
        var total = UInt64(count)
        try stream.pass(&total)
        guard stream.isReading else {
            for place in 0...mask where keys[place] != 0 { try stream.pass(&keys[place]) }
            return
        }
        for _ in 0..<total {
            var key: UInt64 = 0
            try stream.pass(&key)
            _ = insert(key: key)
        }
    }
}
