import Bitcoin
import Hashing
import JSON

/// A job as a miner is told it, so that it knows itself what its shares solve.
struct ChaosJob {
    let id: String
    let time: String
    let previousHash: Hash256
    private let prefix: [UInt8]
    private let suffix: [UInt8]
    private let branch: MerkleBranch
    private let version: UInt32
    private let bits: CompactBits
    private let seconds: UInt32
    private let target: Target

    /// From the parameters of `mining.notify`; nil where they are none.
    init?(_ parameters: JSONValue) {
        func text(_ index: Int) -> String? { parameters[index]?.string }
        guard let id = text(0), let previous = text(1).flatMap(Hex.decode), previous.count == 32, let prefix = text(2).flatMap(Hex.decode),
            let suffix = text(3).flatMap(Hex.decode), let version = text(5).flatMap({ UInt32($0, radix: 16) }),
            let bits = text(6).flatMap({ UInt32($0, radix: 16) }), let time = text(7), let seconds = UInt32(time, radix: 16),
            let target = Target(bits: CompactBits(rawValue: bits))
        else { return nil }
        // Stratum turns each group of four bytes around.
        let turned = stride(from: 0, to: 32, by: 4).flatMap { previous[$0..<($0 + 4)].reversed() }
        guard let previousHash = Hash256(internalBytes: turned) else { return nil }
        let siblings = (parameters[4]?.array ?? []).compactMap { $0.string.flatMap(Hex.decode).flatMap { Hash256(internalBytes: $0) } }
        (self.id, self.time, self.previousHash, self.prefix, self.suffix) = (id, time, previousHash, prefix, suffix)
        (self.version, self.bits, self.seconds, self.target) = (version, CompactBits(rawValue: bits), seconds, target)
        branch = MerkleBranch(siblings: siblings)
    }

    /// The block's hash, if a share with these fields solves the parent chain.
    func solution(extranonce: [UInt8], nonce: UInt32) -> Hash256? {
        let coinbase = Hash256.sha256d(prefix + extranonce + suffix)
        let hash = BlockHeader(
            version: version,
            previousHash: previousHash,
            merkleRoot: branch.root(coinbase: coinbase),
            time: seconds,
            bits: bits,
            nonce: nonce
        ).hash
        return target.isMet(by: hash) ? hash : nil
    }
}
