import Bitcoin
import Stratum

/// What the pool remembers with a job, to make a block of its solution.
final class JobContext: Sendable {
    let tip: ParentTip
    let template: BlockTemplate
    let coinbase: CoinbaseLayout
    /// The block's whole value, satoshi.
    let reward: Int64

    init(tip: ParentTip, template: BlockTemplate, coinbase: CoinbaseLayout) {
        self.tip = tip
        self.template = template
        self.coinbase = coinbase
        reward = template.coinbaseValue
    }
}

extension Job {
    /// Nil for a job that some other pool made, which does not happen: every job of this pool is made with one.
    var poolContext: JobContext? { context as? JobContext }
}
