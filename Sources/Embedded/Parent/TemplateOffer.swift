public import Bitcoin
public import Hashing

/// What `getblocktemplate` answers, before it is JSON.
public struct TemplateOffer: Sendable {
    public let height: UInt32
    public let previousHash: Hash256
    public let bits: CompactBits
    public let target: Target
    /// Unix seconds.
    public let time: UInt32
    /// Median time past + 1, Unix seconds.
    public let minimumTime: UInt32
    /// Subsidy and fees, satoshi.
    public let coinbaseValue: Int64
    public let transactions: [OfferedTransaction]
    /// The output script of a witness commitment, for a reserved value of zeros.
    public let witnessCommitment: Script
    /// The tip in display order, then the pool's change counter.
    public let longPollID: String
}

extension EmbeddedChain {
    /// bitcoind reserves this much for header, count and coinbase.
    static let reservedWeight = 8_000

    public var longPollID: String { tip.hash.displayHex + String(pool.updates) }

    /// The next block on the tip, with all waiting transactions that fit.
    /// - Parameter now: the node's clock, Unix seconds.
    public mutating func template(now: UInt32) -> TemplateOffer {
        let transactions = pool.offer(weight: BlockRules.weightLimit - Self.reservedWeight)
        let height = tip.height + 1
        let wtxids = [Hash256.zero] + transactions.map(\.wtxid)
        let commitment = BlockRules.witnessCommitment(wtxids: wtxids, reservedValue: [UInt8](repeating: 0, count: 32))
        return TemplateOffer(
            height: height,
            previousHash: tip.hash,
            bits: bits,
            target: Target(bits: bits) ?? Target(value: .zero),
            time: max(now, tip.medianTimePast + 1),
            minimumTime: tip.medianTimePast + 1,
            coinbaseValue: Chain.regtest.subsidy(height: height) + transactions.reduce(0) { $0 + $1.fee },
            transactions: transactions,
            witnessCommitment: Script(BlockRules.witnessCommitmentPrefix + commitment),
            longPollID: longPollID
        )
    }
}
