import Accounting
import Bitcoin

/// Who a SOLO coinbase pays: the account that mines it, and the pool its fee.
struct CoinbaseSplit: Hashable, Sendable {
    var account: Script
    var fee: PartsPerMillion

    /// The same division as the ledger's, so that what is booked as paid is what the block paid.
    /// - Parameter pool: where the fee goes.
    func outputs(of value: Int64, pool: Script) -> [TransactionOutput] {
        let fee = Int64(clamping: fee.of(UInt128(clamping: value)))
        let shares = [TransactionOutput(value: value - fee, script: account), TransactionOutput(value: fee, script: pool)]
        return shares.filter { $0.value > 0 }
    }
}
