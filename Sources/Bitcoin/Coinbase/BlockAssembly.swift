public import Hashing

/// A solved block: a header and a coinbase before a template's transactions.
///
/// Only the header and the coinbase are encoded here; what follows is the template's text, joined once for all solutions.
public struct BlockAssembly: Sendable {
    public let header: BlockHeader
    /// The coinbase as the block holds it.
    public let coinbase: [UInt8]
    public let body: TemplateBody

    public init(header: BlockHeader, coinbase: [UInt8], body: TemplateBody) {
        self.header = header
        self.coinbase = coinbase
        self.body = body
    }

    /// Puts together what a miner found.
    ///
    /// - Parameters:
    ///   - extranonce: the whole field.
    ///   - version: the header's, rolled bits included.
    public init(
        template: BlockTemplate,
        layout: CoinbaseLayout,
        extranonce: [UInt8],
        version: UInt32,
        time: UInt32,
        nonce: UInt32
    ) throws(CoinbaseError) {
        let witnessless = try layout.witnessless(extranonce: extranonce)
        let header = BlockHeader(
            version: version,
            previousHash: template.previousHash,
            merkleRoot: template.branch.root(coinbase: .sha256d(witnessless.span)),
            time: time,
            bits: template.bits,
            nonce: nonce
        )
        self.init(header: header, coinbase: try layout.serialized(extranonce: extranonce), body: template.body)
    }

    /// The block's id.
    public var hash: Hash256 { header.hash }
}

extension BlockAssembly {
    /// Header, transaction count and coinbase: all of the block that is this solution's own.
    public var head: [UInt8] {
        var writer = ByteWriter(capacity: BlockHeader.byteCount + 9 + coinbase.count)
        writer.append(header.serialized)
        writer.appendCompactSize(body.transactions.count + 1)
        writer.append(coinbase)
        return writer.bytes
    }

    /// The request that submits the block: the head becomes hex now, the rest is the template's joined text.
    public var submission: BlockSubmission { BlockSubmission(head: head, tailHex: body.joinedHex()) }

    /// The block in hex, as ASCII.
    public var hex: [UInt8] { BlockSubmission.hex(head) + body.joinedHex() }
}
