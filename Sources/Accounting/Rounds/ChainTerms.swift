/// How a chain's rewards are shared out.
public struct ChainTerms: Sendable, Equatable {
    /// The chain's name, as in ``FoundBlock/chain``.
    public var chain: String
    public var scheme: RewardScheme
    /// What the pool keeps of an account's part, where the account has no fee of its own.
    public var fee: PartsPerMillion
    /// Under PPS and FPPS, the least the pool's own money may be after a credit; below, shares wait to be credited. Below zero is a loan.
    public var floor: Int128

    public init(
        chain: String,
        scheme: RewardScheme = .pplns(window: PartsPerMillion(millionths: 2 * PartsPerMillion.one)),
        fee: PartsPerMillion = .none,
        floor: Int128 = 0
    ) {
        self.chain = chain
        self.scheme = scheme
        self.fee = fee
        self.floor = floor
    }
}
