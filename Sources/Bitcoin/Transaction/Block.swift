public import Hashing

/// A header and its transactions, coinbase first.
public struct Block: Hashable, Sendable {
    public var header: BlockHeader
    public var transactions: [Transaction]

    public init(header: BlockHeader, transactions: [Transaction]) {
        self.header = header
        self.transactions = transactions
    }

    public init(parsing bytes: [UInt8]) throws(WireError) {
        var reader = ByteReader(bytes)
        header = try BlockHeader(from: &reader)
        // Ten bytes is the shortest transaction that can be read at all.
        let count = try reader.readCount(ofItemsAtLeast: 10)
        transactions = []
        transactions.reserveCapacity(count)
        for _ in 0..<count { transactions.append(try Transaction(from: &reader)) }
        try reader.finish()
    }

    public var serialized: [UInt8] {
        var writer = ByteWriter()
        writer.append(header.serialized)
        writer.appendCompactSize(transactions.count)
        for transaction in transactions { writer.append(transaction.serialized) }
        return writer.bytes
    }

    /// The root that the header must carry; nil without transactions.
    public var merkleRoot: Hash256? { MerkleBranch.root(of: transactions.map(\.txid)) }

    /// The header's and count's bytes weigh four each, like all that is no witness (BIP141).
    public var weight: Int {
        4 * (BlockHeader.byteCount + CompactSize.encodedCount(transactions.count)) + transactions.reduce(0) { $0 + $1.weight }
    }
}
