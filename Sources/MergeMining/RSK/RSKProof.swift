public import Hashing

/// What proves that an RSK block was merged-mined: the Bitcoin header, the compressed coinbase, the Merkle proof.
///
/// These are three fields of the RSK header. A field may be absent in what a file or a peer gives; a node has a reason for each.
public struct RSKProof: Hashable, Sendable {
    public var header: [UInt8]?
    public var coinbase: [UInt8]?
    public var merkleProof: [UInt8]?

    public init(header: [UInt8]?, coinbase: [UInt8]?, merkleProof: [UInt8]?) {
        self.header = header
        self.coinbase = coinbase
        self.merkleProof = merkleProof
    }

    /// The proof of a solved header.
    /// - Parameters:
    ///   - header: 80 bytes.
    ///   - coinbase: the whole coinbase, without witness.
    ///   - branch: its Merkle branch.
    public init(header: [UInt8], coinbase: [UInt8], branch: MerkleBranch) {
        self.init(header: header, coinbase: RSKCompressedCoinbase(coinbase: coinbase).bytes, merkleProof: RSKMerkleProof.bytes(branch))
    }

    /// Bytes of the three parts together.
    public var size: Int { (header?.count ?? 0) + (coinbase?.count ?? 0) + (merkleProof?.count ?? 0) }

    /// The time in the Bitcoin header; nil without a whole header.
    public var parentTime: UInt32? {
        guard let header, header.count >= 80 else { return nil }
        return UInt32(littleEndian: header[68..<72])
    }
}
