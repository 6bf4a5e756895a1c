import Bitcoin
import Hashing
import JSON
import Randomness

@testable import MergeMining

/// Makes RSK proofs, good ones and spoiled ones, in the vectors' form.
struct RSKProofs {
    var random: SeededGenerator

    init(seed: UInt64) {
        random = SeededGenerator(seed: seed)
    }

    /// Main-network heights at which the rules differ.
    private static let heights: [Int64] = [728_999, 729_000, 1_590_999, 1_591_000, 3_614_799, 3_614_800, 8_900_000, 8_900_000, 8_900_000]

    mutating func next(altered: Bool) -> JSONValue {
        let hash = random.bytes(32)
        let tag = RSKTag.prefix + hash
        let height = Self.heights.randomElement(using: &random) ?? 8_900_000
        var difficulty = Int64.random(in: 0...6, using: &random)
        var levels = Int.random(in: 0...13, using: &random)
        var coinbase = random.bytes(Int.random(in: 45...400, using: &random)) + tag + random.bytes(Int.random(in: 4...128, using: &random))
        var claimed = hash
        let step = altered ? Int.random(in: 0...21, using: &random) : -1
        switch step {
        case 0: coinbase += random.bytes(Int.random(in: 100...140, using: &random))
        case 1, 21: coinbase += random.bytes(4)
        case 2: coinbase = tag + coinbase
        case 3: claimed[Int.random(in: 0..<32, using: &random)] ^= 1
        case 4: levels = Int.random(in: 29...32, using: &random)
        case 5: coinbase = Array((tag + random.bytes(40)).prefix(Int.random(in: 60...70, using: &random)))
        default: break
        }
        var others = (0..<levels).map { _ in random.hash() }
        if step == 21 {
            others.insert(Self.transactionLike, at: 0)
            // The node before it must have a 1 in its fifth byte, display order, for the pair to read as a transaction.
            while Hash256.sha256d(coinbase).internalBytes[27] != 1 {
                coinbase.replaceSubrange(coinbase.count - 4..<coinbase.count, with: random.bytes(4))
            }
        }
        if step == 1 { coinbase += RSKTag.prefix }
        let branch = MerkleBranch(siblings: others)
        let target = Target(rskDifficulty: UInt256(UInt64(difficulty)))
        var header = BlockHeader(
            version: 0x2000_0000,
            previousHash: random.hash(),
            merkleRoot: branch.root(coinbase: .sha256d(coinbase)),
            time: 1_700_000_000,
            bits: CompactBits(rawValue: 0x1703_4219),
            nonce: 0
        )
        while target.isMet(by: header.hash) == (step == 6) { header.nonce += 1 }
        var bytes: [UInt8]? = header.serialized
        var field: [UInt8]? = RSKCompressedCoinbase(coinbase: coinbase).bytes
        var proof: [UInt8]? = height < 729_000 ? partialTree(others, leaf: .sha256d(coinbase)) : RSKMerkleProof.bytes(branch)
        spoil(step, &bytes, &field, &proof, coinbase, tag)
        if step == 7 { difficulty += 3 }
        return [
            "kind": "proof",
            "fields": [
                "net": "main", "height": .integer(height), "difficulty": .string(String(difficulty)), "btcHeader": hex(bytes),
                "coinbaseField": hex(field), "merkleProof": hex(proof), "hashForMergedMining": hex(claimed),
            ],
        ]
    }

    private func hex(_ bytes: [UInt8]?) -> JSONValue { bytes.map { .string(Hex.encode($0)) } ?? .null }

    private mutating func spoil(
        _ step: Int,
        _ header: inout [UInt8]?,
        _ field: inout [UInt8]?,
        _ proof: inout [UInt8]?,
        _ coinbase: [UInt8],
        _ tag: [UInt8]
    ) {
        switch step {
        case 1: field = uncompressed(coinbase, upTo: coinbase.firstOffset(of: tag) ?? 0)
        case 8: header = nil
        case 9: field = nil
        case 10: proof = nil
        case 11: header?.removeLast()
        case 12: header?.append(0)
        case 13: field = Array((field ?? []).prefix(Int.random(in: 30...45, using: &random)))
        case 14: field = uncompressed(coinbase, upTo: (coinbase.lastOffset(of: tag) ?? 0) - 64 * Int.random(in: 0...3, using: &random))
        case 15: proof = proof.map { $0 + [0] }
        case 16: proof = proof.map { Array($0.dropLast(32)) }
        case 17: proof?.reverse()
        case 18: flip(&proof)
        case 19: flip(&field)
        case 20: flip(&header)
        default: break
        }
    }

    /// A sibling that reads, in display order, as the second half of a 64-byte transaction.
    private static let transactionLike: Hash256 = {
        var display = [UInt8](repeating: 0, count: 32)
        for (offset, value) in [(9, 1), (15, 1), (16, 1), (24, 3)] { display[offset] = UInt8(value) }
        return Hash256(internalBytes: display.reversed()) ?? .zero
    }()

    private mutating func flip(_ bytes: inout [UInt8]?) {
        guard let count = bytes?.count, count > 0 else { return }
        bytes?[Int.random(in: 0..<count, using: &random)] ^= 1 << UInt8.random(in: 0...7, using: &random)
    }

    /// A field cut at the block that holds `offset`: right in itself, but not where the node's compressor cuts.
    private func uncompressed(_ coinbase: [UInt8], upTo offset: Int) -> [UInt8] {
        let cut = max(0, offset) / 64 * 64
        var sha = SHA256()
        sha.update(coinbase.prefix(cut))
        return UInt64(cut).bigEndianBytes + (0..<8).flatMap { sha.state[$0].bigEndianBytes } + coinbase.dropFirst(cut)
    }

    /// The proof from before RSKIP92: leaf 0 of a full tree.
    private func partialTree(_ siblings: [Hash256], leaf: Hash256) -> [UInt8] {
        var flags = [UInt8](repeating: 0, count: (2 * siblings.count + 1 + 7) / 8)
        // Depth first: the way down to leaf 0 is flagged, then each sibling is not.
        for bit in 0...siblings.count { flags[bit / 8] |= 1 << UInt8(bit % 8) }
        let hashes = [leaf] + siblings
        let count = UInt32(1) << UInt32(min(siblings.count, 31))
        return count.littleEndianBytes + [UInt8(hashes.count)] + hashes.flatMap(\.internalBytes) + [UInt8(flags.count)] + flags
    }
}
