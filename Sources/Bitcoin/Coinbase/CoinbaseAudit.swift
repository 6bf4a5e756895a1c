/// The pool's own judge of a coinbase, run on its bytes before a job is published.
///
/// It reads the bytes as a node does and trusts nothing that the layout says of itself. It knows the parent chain's rules; what auxiliary
/// chains ask of the coinbase is judged beside it.
public struct CoinbaseAudit: Sendable {
    private let template: BlockTemplate

    public init(template: BlockTemplate) {
        self.template = template
    }

    /// All that is wrong with a layout, whatever the extranonce; empty for one that may be mined.
    public func violations(in layout: CoinbaseLayout) -> [CoinbaseViolation] {
        let fills = [0x00, 0xff].map { [UInt8](repeating: $0, count: layout.extranonceSize) }
        var found: [CoinbaseViolation] = []
        var transactions: [Transaction] = []
        for fill in fills {
            guard let bytes = try? layout.serialized(extranonce: fill), let witnessless = try? layout.witnessless(extranonce: fill) else {
                return [.extranoncePlace]
            }
            found += violations(inCoinbase: bytes).filter { !found.contains($0) }
            guard let transaction = try? Transaction(parsing: bytes) else { return found }
            // Miners hash prefix, extranonce and suffix: they must be this transaction's.
            if transaction.witnessless != witnessless { found.append(.extranoncePlace) }
            transactions.append(transaction)
        }
        if !CoinbaseAudit.differOnlyInScriptSig(transactions[0], transactions[1]) { found.append(.extranoncePlace) }
        return found
    }

    /// All that is wrong with a finished coinbase, given as a block holds it.
    public func violations(inCoinbase bytes: [UInt8]) -> [CoinbaseViolation] {
        do {
            return violations(in: try Transaction(parsing: bytes))
        } catch {
            return [.unreadable(error)]
        }
    }

    private func violations(in coinbase: Transaction) -> [CoinbaseViolation] {
        guard coinbase.isCoinbase else { return [.notCoinbase] }
        return inputViolations(coinbase, coinbase.inputs[0]) + valueViolations(coinbase) + witnessViolations(coinbase) + limitViolations(coinbase)
    }

    private func inputViolations(_ coinbase: Transaction, _ input: TransactionInput) -> [CoinbaseViolation] {
        var found: [CoinbaseViolation] = []
        let scriptSig = input.scriptSig.bytes
        if !(2...CoinbaseLayout.scriptSigLimit).contains(scriptSig.count) { found.append(.scriptSigSize(count: scriptSig.count)) }
        if !scriptSig.starts(with: Script.height(template.height).bytes) { found.append(.height(expected: template.height)) }
        if coinbase.lockTime >= template.height && input.sequence != .max { found.append(.lockTime(coinbase.lockTime)) }
        return found
    }

    private func valueViolations(_ coinbase: Transaction) -> [CoinbaseViolation] {
        if coinbase.outputs.isEmpty { return [.noOutputs] }
        let range = 0...Chain.moneyLimit
        if let value = coinbase.outputs.map(\.value).first(where: { !range.contains($0) }) { return [.valueOutOfRange(value)] }
        var total: Int64 = 0
        for output in coinbase.outputs {
            // Stops long before an overflow: each value is at most all money.
            total += output.value
            if total > template.coinbaseValue { return [.valueTooHigh(total: total, limit: template.coinbaseValue)] }
        }
        return []
    }

    private func witnessViolations(_ coinbase: Transaction) -> [CoinbaseViolation] {
        // Nodes take the last output that looks like a commitment.
        let commitment = coinbase.outputs.lazy.compactMap { WitnessCommitment(script: $0.script) }.last
        let stack = coinbase.inputs[0].witness
        switch (template.witnessCommitment, commitment) {
        case (nil, nil): return stack.isEmpty ? [] : [.witness]
        case (nil, _?): return [.witnessCommitmentUnexpected]
        case (_?, nil): return [.witnessCommitmentMissing]
        case (let expected?, let found?):
            if found != expected { return [.witnessCommitmentWrong] }
            return stack == [WitnessCommitment.reservedValue] ? [] : [.witness]
        }
    }

    private func limitViolations(_ coinbase: Transaction) -> [CoinbaseViolation] {
        var found: [CoinbaseViolation] = []
        let weight = template.weight(withCoinbase: coinbase.weight)
        if weight > template.weightLimit { found.append(.weight(total: weight, limit: template.weightLimit)) }
        let operations = coinbase.outputs.reduce(coinbase.inputs[0].scriptSig.signatureOperations) { $0 + $1.script.signatureOperations }
        let cost = template.signatureCost(withCoinbase: operations)
        if cost > template.signatureOperationLimit { found.append(.signatureOperations(total: cost, limit: template.signatureOperationLimit)) }
        return found
    }

    private static func differOnlyInScriptSig(_ first: Transaction, _ second: Transaction) -> Bool {
        guard first.isCoinbase, second.isCoinbase, first != second else { return false }
        var second = second
        second.inputs[0].scriptSig = first.inputs[0].scriptSig
        return first == second
    }
}
