import Bitcoin
import Hashing

/// What a parent block must be, rule by rule in the order in which bitcoind tries them, so that a block with two faults gets the same words.
enum BlockRules {
    static let weightLimit = 4_000_000
    /// In units of the weight, as BIP141 counts them.
    static let signatureOperationLimit = 80_000
    /// 21 million coins in satoshi.
    static let moneyLimit: Int64 = 21_000_000 * 100_000_000
}

/// Rules that need nothing but the block.
extension BlockRules {
    static func checkProofOfWork(_ header: BlockHeader, hash: Hash256) throws(BlockRejection) {
        guard let target = Target(bits: header.bits), target <= Chain.regtest.proofOfWorkLimit, target.isMet(by: hash) else { throw .highHash }
    }

    static func checkBody(_ block: Block) throws(BlockRejection) {
        let txids = block.transactions.map(\.txid)
        guard MerkleBranch.root(of: txids) ?? .zero == block.header.merkleRoot else { throw .badMerkleRoot }
        guard !hasRepeatedSubtree(txids) else { throw .duplicateTransactions }
        let sizes = block.transactions.reduce(BlockHeader.byteCount + CompactSize.encodedCount(txids.count)) { $0 + $1.witnessless.count }
        guard !txids.isEmpty, 4 * sizes <= weightLimit else { throw .badLength }
        guard block.transactions[0].isCoinbase else { throw .coinbaseMissing }
        guard !block.transactions.dropFirst().contains(where: \.isCoinbase) else { throw .coinbaseMultiple }
        for transaction in block.transactions { try checkTransaction(transaction) }
        let operations = block.transactions.reduce(0) { $0 + legacySignatureOperations($1) }
        guard 4 * operations <= signatureOperationLimit else { throw .signatureOperations }
    }

    /// CVE-2012-2459: since an odd last node is paired with itself, a list that ends in a copy of its own tail has the same root.
    static func hasRepeatedSubtree(_ leaves: [Hash256]) -> Bool {
        var nodes = leaves
        while nodes.count > 1 {
            for index in stride(from: 0, to: nodes.count - 1, by: 2) where nodes[index] == nodes[index + 1] { return true }
            nodes = stride(from: 0, to: nodes.count, by: 2).map { .sha256d(nodes[$0], nodes[min($0 + 1, nodes.count - 1)]) }
        }
        return false
    }

    private static func checkTransaction(_ transaction: Transaction) throws(BlockRejection) {
        guard !transaction.inputs.isEmpty else { throw .inputsMissing }
        guard !transaction.outputs.isEmpty else { throw .outputsMissing }
        var total: Int64 = 0
        for output in transaction.outputs {
            guard output.value >= 0 else { throw .outputNegative }
            guard output.value <= moneyLimit else { throw .outputTooLarge }
            total += output.value
            guard total <= moneyLimit else { throw .outputTotalTooLarge }
        }
        guard Set(transaction.inputs.map(\.previousOutput)).count == transaction.inputs.count else { throw .inputsDuplicate }
        if transaction.isCoinbase {
            guard (2...100).contains(transaction.inputs[0].scriptSig.bytes.count) else { throw .coinbaseLength }
        } else {
            guard !transaction.inputs.contains(where: { $0.previousOutput == .null }) else { throw .previousOutputNull }
        }
    }

    private static func legacySignatureOperations(_ transaction: Transaction) -> Int {
        transaction.inputs.reduce(0) { $0 + $1.scriptSig.signatureOperations } + transaction.outputs.reduce(0) { $0 + $1.script.signatureOperations }
    }
}
