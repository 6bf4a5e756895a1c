/// What all shares of one job have in common, prepared for the kernels.
public struct JudgePlan: Sendable {
    public let coinbasePrefix: [UInt8]
    public let extranonceSize: Int
    public let coinbaseSuffix: [UInt8]
    public let branch: [Hash256]
    public let previousHash: Hash256
    public let bits: CompactBits

    public init(
        coinbasePrefix: [UInt8],
        extranonceSize: Int,
        coinbaseSuffix: [UInt8],
        branch: [Hash256],
        previousHash: Hash256,
        bits: CompactBits
    ) {
        self.coinbasePrefix = coinbasePrefix
        self.extranonceSize = extranonceSize
        self.coinbaseSuffix = coinbaseSuffix
        self.branch = branch
        self.previousHash = previousHash
        self.bits = bits
    }
}
