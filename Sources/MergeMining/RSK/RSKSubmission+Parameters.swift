import Bitcoin
import Hashing
public import JSON

extension RSKSubmission {
    /// Reads the parameters of a submission as rskj does: white space in hex is skipped, bytes behind the coinbase are ignored, and what its
    /// code does not expect is an internal error.
    ///
    /// One difference: a coinbase in the BIP144 form whose witness is empty, and counts that are not in their shortest form, are refused
    /// here, where rskj reads them.
    public init(_ method: RSKSubmitMethod, _ parameters: [JSONValue]) throws(RSKCallError) {
        let strings = parameters.compactMap(\.string)
        guard strings.count == parameters.count, strings.count == method.parameterCount else { throw .wrongParameters }
        switch method {
        case .partialMerkle:
            guard !strings[3].isEmpty else { throw .emptyHashes }
            self.init(header: try Self.header(strings[1]), coinbase: try Self.coinbase(strings[2]), merkleProof: nil)
            guard Int32(strings[4], radix: 16) != nil else { throw .internalError }
            merkleProof = Self.proof(ofHashes: Self.split(strings[3]))
        case .transactions:
            self.init(header: try Self.header(strings[1]), coinbase: try Self.coinbase(strings[2]), merkleProof: nil)
            merkleProof = Self.proof(ofTransactions: Self.split(strings[3]))
        case .block:
            guard let block = try? Block(parsing: Self.bytes(strings[0])), let coinbase = block.transactions.first else { throw .internalError }
            let branch = MerkleBranch(coinbaseBefore: block.transactions.dropFirst().map(\.txid))
            self.init(header: block.header.serialized, coinbase: coinbase.serialized, merkleProof: RSKMerkleProof.bytes(branch))
        }
    }

    private static func bytes(_ hex: some StringProtocol) throws(RSKCallError) -> [UInt8] {
        let digits = hex.utf8.filter { ![0x20, 0x09, 0x0a, 0x0d].contains($0) }
        guard let bytes = Hex.decode(String(decoding: digits, as: UTF8.self)) else { throw .internalError }
        return bytes
    }

    /// A longer one is read as a whole block, of which the header is kept.
    private static func header(_ hex: String) throws(RSKCallError) -> [UInt8] {
        let bytes = try bytes(hex)
        guard bytes.count >= BlockHeader.byteCount else { throw .internalError }
        if bytes.count > BlockHeader.byteCount, (try? Block(parsing: bytes)) == nil { throw .internalError }
        return Array(bytes.prefix(BlockHeader.byteCount))
    }

    private static func coinbase(_ hex: String) throws(RSKCallError) -> [UInt8] {
        var reader = ByteReader(try bytes(hex))
        guard let coinbase = try? Transaction(from: &reader) else { throw .internalError }
        return coinbase.serialized
    }

    /// Java's split on white space: a leading blank makes an empty first element, trailing ones make none.
    private static func split(_ text: String) -> [Substring] {
        var parts: [Substring] = []
        var rest = text[...]
        while let gap = rest.firstIndex(where: isBlank) {
            parts.append(rest[..<gap])
            rest = rest[gap...].drop(while: isBlank)
            if rest.isEmpty { return parts }
        }
        return parts + [rest]
    }

    private static func isBlank(_ character: Character) -> Bool {
        character.asciiValue.map { [0x20, 0x09, 0x0a, 0x0b, 0x0c, 0x0d].contains($0) } ?? (character == "\r\n")
    }

    /// Each hash reversed; the first, which should be the coinbase's, is dropped unread.
    private static func proof(ofHashes hashes: [Substring]) -> [UInt8]? {
        var proof: [UInt8] = []
        for (index, text) in hashes.enumerated() {
            guard let hash = try? bytes(text) else { return nil }
            if index > 0 { proof += hash.reversed() }
        }
        return proof
    }

    /// From all txids in display order, lower case.
    private static func proof(ofTransactions hashes: [Substring]) -> [UInt8]? {
        var identifiers: [Hash256] = []
        for text in hashes {
            guard text == text.lowercased(), let hash = Hash256(displayHex: text) else { return nil }
            identifiers.append(hash)
        }
        return RSKMerkleProof.bytes(MerkleBranch(coinbaseBefore: identifiers.dropFirst()))
    }
}
