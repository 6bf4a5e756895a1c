import Accounting

/// What PPS and FPPS pay, worked out from what the nodes offer.
///
/// A change of the subsidy or of the difficulty holds from the share after it; the average of fees is published anew once a period, so that a
/// miner can know beforehand what a share earns.
struct PayRates: Sendable {
    /// What a node offers for a block.
    struct Offer: Equatable, Sendable {
        var height: Int64
        /// New coins, in the chain's smallest unit.
        var subsidy: UInt128
        /// Of the transactions it holds.
        var fees: UInt128
        /// Expected hashes of the target.
        var networkWeight: UInt128
    }

    /// What shall hold from now on.
    struct Pay: Equatable, Sendable {
        var reward: UInt128
        var networkWeight: UInt128
    }

    let isParent: Bool
    let isWithFees: Bool
    private(set) var average: FeeAverage
    private var last: Offer?
    private var current: Pay?

    /// - Parameters:
    ///   - isParent: an auxiliary chain's offers change with every block, so theirs are published by the period alone.
    ///   - isWithFees: FPPS.
    ///   - feeBlocks: how many blocks' fees are averaged.
    ///   - publishedFees: the average in what an earlier run paid last.
    init(isParent: Bool, isWithFees: Bool, feeBlocks: Int, publishedFees: UInt128?) {
        self.isParent = isParent
        self.isWithFees = isWithFees
        average = FeeAverage(count: feeBlocks, published: publishedFees)
    }

    /// Takes a node's newest offer. The last one of a height stands for the block that was found there.
    /// - Parameter isDue: a new period begins.
    /// - Returns: what shall be paid, when that is something else than before.
    mutating func take(_ offer: Offer, isDue: Bool) -> Pay? {
        if let last, last.height < offer.height { average.add(last.fees) }
        let hasMoved = last?.subsidy != offer.subsidy || last?.networkWeight != offer.networkWeight
        let isNew = current == nil || isParent && hasMoved
        last = offer
        guard isNew || isDue else { return nil }
        let pay = Pay(reward: offer.subsidy + (isWithFees ? fees : 0), networkWeight: offer.networkWeight)
        guard pay != current else { return nil }
        current = pay
        return pay
    }

    /// The published average; before the first block, the fees that are on offer.
    var fees: UInt128 { average.isEmpty ? last?.fees ?? 0 : average.value }
}
