import Hashing
public import JSON

extension BlockTemplate {
    /// No block holds more: a transaction has 60 bytes at least, which weigh 240.
    static let transactionLimit = weightLimit / 240

    /// Reads the result of `getblocktemplate` (BIP22, BIP23, BIP145) with Bitcoin Core's members.
    public init(json: JSONValue, chain: Chain) throws(TemplateError) {
        let root = JSONCursor(json)
        try BlockTemplate.checkRules(root, chain)
        let bits = try root.field("bits", as: .bits)
        let target = try root.field("target", as: .hash)
        guard Target(bits: bits) == Target(value: target.number) else {
            throw .targetMismatch(bits: bits.description, target: target.displayHex)
        }
        let (minimumTime, time) = (try root.field("mintime", as: .fitting(UInt32.self)), try root.field("curtime", as: .fitting(UInt32.self)))
        guard minimumTime <= time else { throw .timesCrossed(minimum: minimumTime, current: time) }
        let weightLimit = min(try root.field("weightlimit", as: .count), BlockTemplate.weightLimit)
        let transactions = try BlockTemplate.readTransactions(root, weightLimit: weightLimit)
        let commitment = try root.fieldIfAny("default_witness_commitment", as: .witnessCommitment)
        guard commitment != nil || (chain != .signet && transactions.allSatisfy { $0.txid == $0.wtxid }) else { throw .noWitnessCommitment }
        let template = BlockTemplate(
            chain: chain,
            height: try root.field("height", as: .height),
            version: try root.field("version", as: .version),
            previousHash: try root.field("previousblockhash", as: .hash),
            bits: bits,
            time: time,
            minimumTime: minimumTime,
            coinbaseValue: try root.field("coinbasevalue", as: .money),
            witnessCommitment: commitment,
            transactions: transactions,
            longPollID: try root.fieldIfAny("longpollid", as: .string),
            weightLimit: weightLimit,
            signatureOperationLimit: min(try root.field("sigoplimit", as: .count), BlockTemplate.signatureOperationLimit)
        )
        guard let template else { throw .targetMismatch(bits: bits.description, target: target.displayHex) }
        self = template
    }

    /// A rule with an exclamation mark must be understood; others concern the transactions, which the node has chosen already.
    private static func checkRules(_ root: JSONCursor, _ chain: Chain) throws(TemplateError) {
        for rule in try root.fieldIfAny("rules", as: .array) ?? [] {
            guard let name = rule.string, name.hasPrefix("!") else { continue }
            guard ["!segwit", "!signet"].contains(name) else { throw .unknownRule(String(name.dropFirst().prefix(64))) }
        }
        let challenge = try root.fieldIfAny("signet_challenge", as: .string)
        guard (challenge != nil) == (chain == .signet) else { throw .wrongChain(expected: chain) }
        if let challenge, challenge != "51" { throw .signetChallenge(String(challenge.prefix(256))) }
    }

    private static func readTransactions(_ root: JSONCursor, weightLimit: Int) throws(TemplateError) -> [TemplateTransaction] {
        let count = try root.field("transactions", as: .array).count
        guard count <= transactionLimit else { throw .tooManyTransactions(count: count, limit: transactionLimit) }
        var transactions: [TemplateTransaction] = []
        transactions.reserveCapacity(count)
        var weight = 0
        for entry in try root.elements(of: "transactions") {
            let transaction = try TemplateTransaction(json: entry)
            transactions.append(transaction)
            weight += transaction.weight
            guard weight <= weightLimit else { throw .overweight(weight: weight, limit: weightLimit) }
        }
        return transactions
    }
}

extension TemplateTransaction {
    fileprivate init(json: JSONCursor) throws(TemplateError) {
        let txid = try json.field("txid", as: .hash)
        let hex = try json.field("data", as: .hexText)
        let weight = try json.field("weight", as: .count)
        // A byte weighs one at least and four at most, so a believed weight bounds the bytes as well.
        let byteCount = hex.utf8.count / 2
        guard (byteCount...(4 * byteCount)).contains(weight), byteCount >= 60 else {
            throw .malformed(path: json.path + ".weight", problem: "is \(weight) for \(byteCount) bytes, which cannot be")
        }
        self.init(
            txid: txid,
            wtxid: try json.fieldIfAny("hash", as: .hash) ?? txid,
            weight: weight,
            fee: try json.fieldIfAny("fee", as: .money),
            signatureOperations: try json.fieldIfAny("sigops", as: .count) ?? 0,
            hex: hex
        )
    }
}
