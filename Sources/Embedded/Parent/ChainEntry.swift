public import Bitcoin
public import Hashing

/// A block that the embedded chain knows, on the active chain or beside it.
public struct ChainEntry: Sendable {
    public let hash: Hash256
    public let height: UInt32
    public let block: StoredBlock
    /// The expected hashes of the whole chain up to here, at most `UInt128.max`.
    public let chainWork: UInt128
    /// The median of the eleven times up to here.
    public let medianTimePast: UInt32
    /// The order of arrival: of two chains with equal work the first seen is the active one.
    var arrival: Int
    /// It, or a block below it, broke a rule that shows only when it is connected, or was invalidated by hand.
    var isInvalid = false

    public var header: BlockHeader { block.header }
}

/// What is kept of a block: all that the supply cannot make again.
public struct StoredBlock: Sendable, Hashable {
    public var header: BlockHeader
    public var coinbase: Transaction
    /// The other transactions' serial numbers, in block order.
    public var serials: [UInt64]

    public init(header: BlockHeader, coinbase: Transaction, serials: [UInt64]) {
        self.header = header
        self.coinbase = coinbase
        self.serials = serials
    }
}

extension StoredBlock {
    /// Regtest's first block, as every node has it: it pays to the key of the main chain's first block.
    static let genesis: StoredBlock = {
        let headline = "The Times 03/Jan/2009 Chancellor on brink of second bailout for banks"
        let key =
            "04678afdb0fe5548271967f1a67130b7105cd6a828e03909a67962e0ea1f61deb649f6bc3f4cef38c4f35504e51ec112de5c384df7ba0b8d578a4c702b6bf11d5f"
        var scriptSig = Script([0x04, 0xff, 0xff, 0x00, 0x1d, 0x01, 0x04])
        scriptSig.pushBytes(Array(headline.utf8))
        var output = Script()
        output.pushBytes(Hex.decode(key) ?? [])
        output.append(Opcode.checkSignature)
        let coinbase = Transaction(
            version: 1,
            inputs: [TransactionInput(previousOutput: .null, scriptSig: scriptSig)],
            outputs: [TransactionOutput(value: 50 * 100_000_000, script: output)]
        )
        let header = BlockHeader(
            version: 1,
            previousHash: .zero,
            merkleRoot: coinbase.txid,
            time: 1_296_688_602,
            bits: CompactBits(rawValue: 0x207f_ffff),
            nonce: 2
        )
        return StoredBlock(header: header, coinbase: coinbase, serials: [])
    }()
}
