import Bitcoin
import Hashing

/// What a `mining.notify` asks to be hashed, with all that the connection had said before it.
struct MiningWork: Sendable, Hashable {
    let jobID: String
    /// The coinbase without witness up to the extranonce2, extranonce1 included, and behind it.
    let coinbasePrefix: [UInt8]
    let coinbaseSuffix: [UInt8]
    /// Bytes.
    let extranonce2Size: Int
    let branch: [Hash256]
    let previousHash: Hash256
    let version: UInt32
    let bits: CompactBits
    let time: UInt32
    /// What a share's hash must not exceed.
    let target: Target

    /// The header without its nonce's value.
    func header(_ candidate: SearchSpace.Piece) -> BlockHeader {
        let coinbase = Hash256.sha256d(coinbasePrefix + candidate.extranonce2 + coinbaseSuffix)
        return BlockHeader(
            version: version,
            previousHash: previousHash,
            merkleRoot: MerkleBranch(siblings: branch).root(coinbase: coinbase),
            time: time &+ candidate.timeOffset,
            bits: bits,
            nonce: 0
        )
    }
}

/// A share as it is submitted.
struct MinedShare: Sendable, Hashable {
    let jobID: String
    let extranonce2: [UInt8]
    let time: UInt32
    let nonce: UInt32
}

/// One thread's part of a work's headers: no other thread of this miner tries the same.
struct SearchSpace {
    /// 2^32 headers: one coinbase and one time.
    struct Piece: Sendable, Hashable {
        let extranonce2: [UInt8]
        /// Seconds; not zero only where the extranonce2 is too short for all threads.
        let timeOffset: UInt32
    }

    private let size: Int
    private let threads: UInt64
    private var number: UInt64

    init(extranonce2Size size: Int, thread: Int, of threads: Int) {
        self.size = size
        self.threads = UInt64(threads)
        number = UInt64(thread)
    }

    mutating func next() -> Piece {
        defer { number += threads }
        let bits = 8 * size
        let extranonce2 = (0..<size).map { $0 < 8 ? UInt8(truncatingIfNeeded: number >> (8 * UInt64($0))) : 0 }
        return Piece(extranonce2: extranonce2, timeOffset: bits < 64 ? UInt32(truncatingIfNeeded: number >> UInt64(bits)) : 0)
    }
}
