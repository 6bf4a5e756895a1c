import COpenSSL
import Embedded
import Hashing

/// A job of common shape and shares for it, the same on every run.
struct SampleJob {
    let plan: JudgePlan
    let shares: [ShareInput]

    /// - Parameters:
    ///   - branch: Merkle siblings.
    ///   - count: shares, each with its own extranonce, version, time and nonce.
    init(branch: Int, shares count: Int) {
        var random = SplitMix64(seed: 2009)
        // 58 bytes before a field of 4 + 8, 151 behind it: a height, a tag, a witness commitment and two more outputs. Four blocks.
        plan = JudgePlan(
            coinbasePrefix: random.bytes(58),
            extranonceSize: 12,
            coinbaseSuffix: random.bytes(151),
            branch: (0..<branch).map { _ in random.hash() },
            previousHash: random.hash(),
            bits: CompactBits(rawValue: 0x1702_3f8e)
        )
        shares = (0..<count).map { _ in
            ShareInput(
                extranonce: random.bytes(12),
                version: 0x2000_0000 | UInt32(truncatingIfNeeded: random.next()) & 0x1fff_e000,
                time: 0x6700_0000 | UInt32(truncatingIfNeeded: random.next()) & 0xff,
                nonce: UInt32(truncatingIfNeeded: random.next())
            )
        }
    }

    /// Compressions a share takes when nothing is folded: coinbase, its digest, three a Merkle level, three for the header.
    var compressions: Int {
        let coinbase = (plan.coinbasePrefix.count + plan.extranonceSize + plan.coinbaseSuffix.count + 9 + 63) / 64
        return coinbase - plan.coinbasePrefix.count / 64 + 1 + 3 * plan.branch.count + 3
    }

    /// The share's header hash by OpenSSL, one message after the other: the coinbase from its midstate, each Merkle level, the header.
    func hashByOpenSSL(_ share: ShareInput) -> Hash256 {
        var context = SHA256_CTX()
        var node = [UInt8](repeating: 0, count: 64)
        func sum(_ parts: [UnsafeRawBufferPointer], into digest: inout [UInt8]) {
            SHA256_Init(&context)
            for part in parts { SHA256_Update(&context, part.baseAddress, part.count) }
            SHA256_Final(&digest, &context)
            SHA256_Init(&context)
            SHA256_Update(&context, digest, 32)
            SHA256_Final(&digest, &context)
        }
        withUnsafeBytes(of: share.extranonce) { extranonce in
            plan.coinbasePrefix.withUnsafeBytes { prefix in
                plan.coinbaseSuffix.withUnsafeBytes { suffix in
                    sum([prefix, UnsafeRawBufferPointer(rebasing: extranonce[..<plan.extranonceSize]), suffix], into: &node)
                }
            }
        }
        for sibling in plan.branch {
            node.withUnsafeMutableBytes { sibling.store(to: $0, at: 32) }
            let pair = node
            pair.withUnsafeBytes { sum([$0], into: &node) }
        }
        var header = [UInt8](repeating: 0, count: 80)
        header.withUnsafeMutableBytes { header in
            header.storeBytes(of: share.version.littleEndian, as: UInt32.self)
            plan.previousHash.store(to: header, at: 4)
            header[36..<68].copyBytes(from: node[..<32])
            header.storeBytes(of: share.time.littleEndian, toByteOffset: 68, as: UInt32.self)
            header.storeBytes(of: plan.bits.rawValue.littleEndian, toByteOffset: 72, as: UInt32.self)
            header.storeBytes(of: share.nonce.littleEndian, toByteOffset: 76, as: UInt32.self)
        }
        header.withUnsafeBytes { sum([$0], into: &node) }
        return Hash256(internalBytes: node[..<32]) ?? .zero
    }
}
