public import Hashing

/// How hard things are in `poold dev`, so that a newcomer sees shares and blocks come at a lively pace on any machine.
public struct DevTargets: Sendable, Hashable {
    /// What every parent block must carry.
    public let parentBits: CompactBits
    /// What the auxiliary chains' blocks must meet: four times easier than the parent's, as far as regtest's limit lets them.
    public let auxiliaryBits: CompactBits
    /// Not harder than the parent's.
    public let shareDifficulty: Double

    /// - Parameters:
    ///   - hashrate: what the miner was measured to do, hashes a second.
    ///   - parentBits: those asked for; nil takes bits for a parent block every `blockSeconds`.
    ///   - shareDifficulty: the one asked for; nil takes one for `sharesPerSecond`.
    public init(
        hashrate: Double,
        parentBits: CompactBits? = nil,
        shareDifficulty: Double? = nil,
        blockSeconds: Double = 5,
        sharesPerSecond: Double = 2
    ) {
        let hashrate = max(1, hashrate)
        let limit = Target(value: UInt256(high: .max >> 1, low: .max))
        let target = parentBits.flatMap(Target.init(bits:)) ?? min(limit, Target(expectedHashes: hashrate * blockSeconds))
        self.parentBits = parentBits ?? target.bits
        auxiliaryBits = min(limit, Target(value: target.value.multipliedSaturating(by: 4))).bits
        // A target's difficulty is rounded; one step down makes sure that its target is not the harder one.
        let hardest = Target(difficulty: target.difficulty) < target ? target.difficulty.nextDown : target.difficulty
        self.shareDifficulty = shareDifficulty ?? min(Target(expectedHashes: hashrate / sharesPerSecond).difficulty, hardest)
    }
}

extension Target {
    /// The target that one hash in `count` meets.
    fileprivate init(expectedHashes count: Double) {
        // Difficulty 1 stands for 2^48 / 65,535 hashes.
        self.init(difficulty: count * 0xffff / 0x1p48)
    }
}
