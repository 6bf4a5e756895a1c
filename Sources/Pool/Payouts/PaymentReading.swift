import Accounting
import Bitcoin

/// Reads out of a transaction what it pays of a payout's rows.
struct PaymentReading {
    let rows: [PayoutRow]
    /// Of the rows' addresses.
    let scripts: [String: Script]

    /// What each row bears of the fee of a transaction that was made for the rows: its first outputs are theirs, then comes change or nothing.
    /// - Parameter accountsBearFee: rows may get less than their amounts, down to half.
    func fees(of transaction: Transaction, fee: UInt128, accountsBearFee: Bool) throws(PayoutFailure) -> [UInt128] {
        guard rows.count...rows.count + 1 ~= transaction.outputs.count else {
            throw .wrongTransaction("it has \(transaction.outputs.count) outputs for \(rows.count) accounts")
        }
        var fees: [UInt128] = []
        for (row, output) in zip(rows, transaction.outputs) {
            guard let part = part(of: row, in: output), part == 0 || accountsBearFee && part <= row.amount / 2 else {
                throw .wrongTransaction("it does not pay \(row.address) what it should")
            }
            fees.append(part)
        }
        guard fees.reduce(0, +) <= fee else { throw .wrongTransaction("the accounts would bear more than its fee") }
        return fees
    }

    /// By row, what it bears of the fee of a transaction that is in a block; nil where the transaction does not pay it. The transaction may be
    /// another than was made for the rows, with its outputs in any order, when an operator replaced it by hand.
    func fees(of transaction: Transaction, isOwn: Bool) -> [UInt128?] {
        if isOwn { return zip(rows, transaction.outputs).map { part(of: $0, in: $1) } }
        var left = transaction.outputs
        return rows.map { row in
            guard let index = left.firstIndex(where: { part(of: row, in: $0) == row.fee }) else { return nil }
            left.remove(at: index)
            return row.fee
        }
    }

    /// What is missing of a row's amount in an output to its address; nil for an output that is not the row's.
    private func part(of row: PayoutRow, in output: TransactionOutput) -> UInt128? {
        guard output.script == scripts[row.address], output.value >= 0, UInt128(output.value) <= row.amount else { return nil }
        return row.amount - UInt128(output.value)
    }
}
