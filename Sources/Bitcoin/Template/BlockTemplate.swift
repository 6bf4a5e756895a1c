public import Hashing

/// All that a block must be but its coinbase and its proof of work.
public struct BlockTemplate: Sendable {
    /// The most weight a block may have (BIP141).
    public static let weightLimit = 4_000_000
    /// The most signature operations a block may cost (BIP141).
    public static let signatureOperationLimit = 80_000

    public let chain: Chain
    /// The height of the block to be made.
    public let height: UInt32
    public let version: UInt32
    public let previousHash: Hash256
    public let bits: CompactBits
    /// What the block's hash must not exceed.
    public let target: Target
    /// The node's time when it made the template, Unix seconds.
    public let time: UInt32
    /// The lowest time that the block may carry.
    public let minimumTime: UInt32
    /// What the coinbase may pay in all, in satoshi: subsidy and fees.
    public let coinbaseValue: Int64
    /// What the coinbase must commit to; nil where there is no segwit.
    public let witnessCommitment: WitnessCommitment?
    public let body: TemplateBody
    /// The coinbase's Merkle branch.
    public let branch: MerkleBranch
    /// What a long poll hands back to the node; nil where there is none.
    public let longPollID: String?
    public let weightLimit: Int
    public let signatureOperationLimit: Int

    /// - Parameter bits: must be a target, see `Target(bits:)`; nil otherwise.
    public init?(
        chain: Chain,
        height: UInt32,
        version: UInt32,
        previousHash: Hash256,
        bits: CompactBits,
        time: UInt32,
        minimumTime: UInt32,
        coinbaseValue: Int64,
        witnessCommitment: WitnessCommitment?,
        transactions: [TemplateTransaction] = [],
        longPollID: String? = nil,
        weightLimit: Int = BlockTemplate.weightLimit,
        signatureOperationLimit: Int = BlockTemplate.signatureOperationLimit
    ) {
        guard let target = Target(bits: bits) else { return nil }
        self.chain = chain
        self.height = height
        self.version = version
        self.previousHash = previousHash
        self.bits = bits
        self.target = target
        self.time = time
        self.minimumTime = minimumTime
        self.coinbaseValue = coinbaseValue
        self.witnessCommitment = witnessCommitment
        body = TemplateBody(transactions)
        branch = MerkleBranch(coinbaseBefore: transactions.map(\.txid))
        self.longPollID = longPollID
        self.weightLimit = weightLimit
        self.signatureOperationLimit = signatureOperationLimit
    }
}

extension BlockTemplate {
    public var transactions: [TemplateTransaction] { body.transactions }

    /// Satoshi; transactions whose fee the node does not say count nothing.
    public var fees: Int64 { transactions.reduce(0) { $0 + ($1.fee ?? 0) } }

    /// The whole block's weight with a coinbase of `coinbaseWeight`.
    public func weight(withCoinbase coinbaseWeight: Int) -> Int {
        let overhead = BlockHeader.byteCount + CompactSize.encodedCount(transactions.count + 1)
        return transactions.reduce(4 * overhead + coinbaseWeight) { $0 + $1.weight }
    }

    /// The whole block's signature cost with `coinbaseOperations` in the coinbase, where each counts four.
    public func signatureCost(withCoinbase coinbaseOperations: Int) -> Int {
        transactions.reduce(4 * coinbaseOperations) { $0 + $1.signatureOperations }
    }
}
