import Hashing

extension BlockTemplate {
    /// A block without transactions on a new tip of which only the header is known, so that miners leave the old tip at once.
    ///
    /// Nil where the tip does not tell the new block's bits (``Chain/bitsMayChange(atHeight:)``).
    ///
    /// - Parameters:
    ///   - tip: the header that the new block stands on; its proof of work is the caller's to trust.
    ///   - height: the new block's.
    ///   - version: the last template's; deployments do not change from one block to the next within a period.
    ///   - medianTimePast: the tip's, where the node has told it.
    ///   - now: Unix seconds.
    public static func empty(
        on tip: BlockHeader,
        height: UInt32,
        chain: Chain,
        version: UInt32,
        medianTimePast: UInt32? = nil,
        now: UInt32
    ) -> BlockTemplate? {
        guard !chain.bitsMayChange(atHeight: height) else { return nil }
        // The tip's time lies above the median before it, so the median with it can only rise up to the tip's time: one second more always
        // passes.
        let minimumTime = (medianTimePast ?? tip.time) &+ 1
        return BlockTemplate(
            chain: chain,
            height: height,
            version: version,
            previousHash: tip.hash,
            bits: tip.bits,
            time: max(now, minimumTime),
            minimumTime: minimumTime,
            coinbaseValue: chain.subsidy(height: height),
            // Only signet asks for it in an empty block (BIP325 finds the block's signature by it); having it everywhere keeps one coinbase
            // form for empty and full jobs.
            witnessCommitment: WitnessCommitment(wtxids: [])
        )
    }
}
