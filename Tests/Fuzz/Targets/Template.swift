import Bitcoin
import Hashing
import JSON

extension FuzzTarget {
    /// What a node answers to `getblocktemplate`. A JSON value that is read reads the same once written; a template that is taken keeps the
    /// limits it was taken under, and its Merkle branch leads where its transactions do.
    static let template = FuzzTarget(name: "template") { input in
        guard let value = try? JSONValue(parsing: input, limits: JSONLimits(bytes: 1 << 20, depth: 32)) else { return }
        for pretty in [false, true] {
            let again = try? JSONValue(parsing: value.serialized(pretty: pretty))
            require(again == value, "JSON reads otherwise once written")
        }
        for chain in [Chain.main, .signet] {
            guard let template = try? BlockTemplate(json: value, chain: chain) else { continue }
            check(template)
        }
    } seeds: {
        [("full", Sample.template(transactions: 2).serialized()), ("empty", Sample.template(transactions: 0).serialized(pretty: true))]
    }

    private static func check(_ template: BlockTemplate) {
        let transactions = template.body.transactions
        require(transactions.reduce(0) { $0 + $1.weight } <= template.weightLimit, "transactions weigh more than the limit")
        require(template.weightLimit <= BlockTemplate.weightLimit, "a weight limit above consensus")
        require(template.minimumTime <= template.time, "times are crossed")
        let coinbase = Hash256.sha256d([0])
        let root = MerkleBranch.root(of: [coinbase] + transactions.map(\.txid))
        require(root == template.branch.root(coinbase: coinbase), "the branch is another than the transactions'")
        let count = template.body.joinedHex().count
        require(count == transactions.reduce(0) { $0 + $1.hex.utf8.count }, "the transactions' text has another length")
        require((try? JSONValue(parsing: template.body.jsonArray()))?.array?.count == transactions.count, "the transactions' list is no list")
    }
}
