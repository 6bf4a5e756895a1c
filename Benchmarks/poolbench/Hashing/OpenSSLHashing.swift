import COpenSSL
import Hashing

/// The reference: OpenSSL's one-stream block function, called on blocks that are laid out already, the midstate kept. What a pool that hashes
/// share by share can reach at best.
struct OpenSSLHashing {
    private var context = SHA256_CTX()
    private var block = [UInt8](repeating: 0, count: 64)

    init() {
        SHA256_Init(&context)
        block[63] = 0x5a
    }

    /// Compresses one block after the other, each state the next one's.
    mutating func compress(times: Int) {
        for _ in 0..<times { SHA256_Transform(&context, block) }
    }

    /// SHA-256d of one header after the other from a midstate: a block and the digest's block.
    mutating func scan(nonces: Int) {
        var digest = [UInt8](repeating: 0, count: 64)
        digest[32] = 0x80
        digest[62] = 1
        for nonce in 0..<nonces {
            var first = context
            block[12] = UInt8(truncatingIfNeeded: nonce)
            SHA256_Transform(&first, block)
            digest.withUnsafeMutableBytes { bytes in
                withUnsafeBytes(of: &first.h) { words in
                    for word in 0..<8 {
                        let value = words.load(fromByteOffset: 4 * word, as: UInt32.self)
                        bytes.storeBytes(of: value.bigEndian, toByteOffset: 4 * word, as: UInt32.self)
                    }
                }
            }
            SHA256_Init(&first)
            SHA256_Transform(&first, digest)
            keep(first.h.7)
        }
    }
}
