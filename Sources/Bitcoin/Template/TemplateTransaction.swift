public import Hashing

/// One transaction of a template, as the node gave it.
public struct TemplateTransaction: Sendable {
    public let txid: Hash256
    public let wtxid: Hash256
    /// BIP141 weight units.
    public let weight: Int
    /// Satoshi; nil where the node does not say.
    public let fee: Int64?
    /// The cost against the block's limit of 80,000, where one outside a witness counts four.
    public let signatureOperations: Int
    /// The bytes of the wire in hex, as received: a block is submitted as hex, so nothing ever decodes it.
    public let hex: String

    public init(txid: Hash256, wtxid: Hash256, weight: Int, fee: Int64?, signatureOperations: Int, hex: String) {
        self.txid = txid
        self.wtxid = wtxid
        self.weight = weight
        self.fee = fee
        self.signatureOperations = signatureOperations
        self.hex = hex
    }

    /// A transaction at hand, with its fee and signature cost.
    public init(_ transaction: Transaction, fee: Int64, signatureOperations: Int) {
        self.init(
            txid: transaction.txid,
            wtxid: transaction.wtxid,
            weight: transaction.weight,
            fee: fee,
            signatureOperations: signatureOperations,
            hex: Hex.encode(transaction.serialized)
        )
    }
}
