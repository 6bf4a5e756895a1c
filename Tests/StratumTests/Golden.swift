import Hashing

@testable import Stratum

/// A share captured from a testnet pool and recomputed (version rolling, no branch).
enum Golden {
    static let coinbase1 =
        "01000000010000000000000000000000000000000000000000000000000000000000000000ffffffff2d023c01000402b6786804209eec010c"
    static let coinbase2 =
        "0a636b706f6f6c0a2f7032706f6f6c76322fffffffff030011102401000000160014274466e754a1c12d0a2d2cc34ceb70d8e017053a00e1f505"
        + "00000000160014a248cf2f99f449511b22bab1a3d001719f84cd090000000000000000266a24aa21a9ede2f61c3f71d1defd3fa999dfa36953755c"
        + "690689799962b48bebd836974e8cf900000000"
    static let extranonce1 = "03b67868"
    /// As `mining.notify` shows it: each word reversed.
    static let previousHash = "87f914a7745ea340051038babb56406514af8b63338ade65002bfbde00000000"
    static let hash = "0000000000cdd305efb7cb9d86c7dc8eccf504a32fdf781ea053f87b6f5b3642"

    static var internalPreviousHash: Hash256? {
        guard let bytes = Hex.decode(previousHash) else { return nil }
        return Hash256(internalBytes: (0..<8).flatMap { bytes[(4 * $0)..<(4 * $0 + 4)].reversed() })
    }

    /// The captured job, its extranonce field moved four bytes back: what was extranonce1 belongs to the first part, what began the second part
    /// belongs to extranonce2. A server whose first extranonce1 is zero can then be given the captured share.
    static func job(moved: Bool = true) throws -> Job {
        struct Unreadable: Error {}
        let first = Hex.decode(coinbase1 + (moved ? extranonce1 : ""))
        let second = Hex.decode(moved ? String(coinbase2.dropFirst(8)) : coinbase2)
        guard let first, let second, let internalPreviousHash, let target = Target(bits: CompactBits(rawValue: 0x1e03_77ae)) else {
            throw Unreadable()
        }
        return Job(
            id: JobID(run: 0x6878_b602, serial: 1),
            tip: 1,
            previousHash: internalPreviousHash,
            version: 0x2000_0000,
            bits: CompactBits(rawValue: 0x1e03_77ae),
            time: 0x6878_b602,
            minimumTime: 0x6878_b602,
            coinbasePrefix: first,
            extranonceSize: 12,
            coinbaseSuffix: second,
            branch: [],
            // The captured pool's own network was as easy as its bits; here the share must be judged, not its block.
            networkTarget: moved ? Target(value: .one) : target,
            context: ()
        )
    }
}
