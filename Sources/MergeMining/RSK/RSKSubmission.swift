public import Bitcoin
public import Hashing
public import JSON

/// The three methods by which rskj takes a solved Bitcoin header.
public enum RSKSubmitMethod: String, CaseIterable, Sendable {
    case partialMerkle = "mnr_submitBitcoinBlockPartialMerkle"
    case transactions = "mnr_submitBitcoinBlockTransactions"
    case block = "mnr_submitBitcoinBlock"

    public var parameterCount: Int {
        switch self {
        case .partialMerkle: 5
        case .transactions: 4
        case .block: 1
        }
    }
}

/// A solved Bitcoin header with what ties an RSK work to it, as a submission hands it to the node.
public struct RSKSubmission: Hashable, Sendable {
    /// 80 bytes.
    public var header: [UInt8]
    /// The coinbase as the node keeps it: *with* witness where it was given one. Such a submission is always refused, because the node
    /// then hashes the wrong form; send it witness-free.
    public var coinbase: [UInt8]
    /// The RSKIP92 proof; nil when its elements did not decode, which the node notices only after it has found the work.
    public var merkleProof: [UInt8]?

    public init(header: [UInt8], coinbase: [UInt8], merkleProof: [UInt8]?) {
        self.header = header
        self.coinbase = coinbase
        self.merkleProof = merkleProof
    }

    /// What the node looks the work up by: the 32 bytes behind the last tag, or without a tag bytes 8…39, which no work has.
    public func workHash() throws(RSKCallError) -> RSKMiningHash {
        let start = coinbase.lastOffset(of: RSKTag.prefix).map { $0 + RSKTag.prefix.count } ?? 8
        guard let hash = RSKMiningHash(bytes: coinbase.dropFirst(start).prefix(RSKMiningHash.byteCount)) else { throw .internalError }
        return hash
    }

    /// The proof that the node makes of it.
    public var proof: RSKProof {
        RSKProof(header: header, coinbase: RSKCompressedCoinbase(coinbase: coinbase).bytes, merkleProof: merkleProof)
    }
}

extension RSKSubmission {
    /// The parameters of `mnr_submitBitcoinBlockPartialMerkle`: no `0x`, hashes in internal order with the coinbase's txid first, the
    /// number of transactions in hex.
    ///
    /// - Parameters:
    ///   - coinbase: without witness.
    ///   - transactions: of the Bitcoin block, the coinbase included. The node parses the number and uses it no more.
    public static func partialMerkle(header: BlockHeader, coinbase: [UInt8], branch: MerkleBranch, transactions: Int) -> [JSONValue] {
        let hashes = [Hash256.sha256d(coinbase)] + branch.siblings
        return [
            .string(header.hash.displayHex), .string(Hex.encode(header.serialized)), .string(Hex.encode(coinbase)),
            .string(hashes.map { Hex.encode($0.internalBytes) }.joined(separator: " ")), .string(String(transactions, radix: 16)),
        ]
    }
}
