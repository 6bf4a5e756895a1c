public import Bitcoin
import Glibc
public import Hashing

/// The proof of a merge-mined Hathor block: the parent coinbase cut open at the hash that it carries.
///
/// On the wire: header bytes 0…35, sized coinbase head, sized coinbase tail, count and path hashes in *display* order, header bytes
/// 68…79. The block's id is the parent's hash.
public struct HathorProof: Hashable, Sendable {
    /// ASCII `Hath`; the 32-byte base hash follows it in the coinbase.
    public static let magic: [UInt8] = Array("Hath".utf8)
    /// The longest path since the network's feature activation; 12 before.
    public static let longestPath = 20

    /// Version and previous hash.
    public var headerHead: [UInt8]
    /// The coinbase up to and with the magic.
    public var coinbaseHead: [UInt8]
    /// The coinbase behind the base hash.
    public var coinbaseTail: [UInt8]
    public var path: MerkleBranch
    /// Time, bits, nonce.
    public var headerTail: [UInt8]

    public init(parsing bytes: [UInt8]) throws(WireError) {
        var reader = ByteReader(bytes)
        headerHead = try reader.readBytes(36)
        coinbaseHead = try reader.readSizedBytes()
        coinbaseTail = try reader.readSizedBytes()
        var siblings: [Hash256] = []
        for _ in 0..<(try reader.readCount(ofItemsAtLeast: 32)) {
            siblings.append(Hash256(internalBytes: try reader.readBytes(32).reversed()) ?? .zero)
        }
        path = MerkleBranch(siblings: siblings)
        headerTail = try reader.readBytes(12)
        try reader.finish()
    }

    public var serialized: [UInt8] {
        var writer = ByteWriter()
        writer.append(headerHead)
        writer.appendSized(coinbaseHead)
        writer.appendSized(coinbaseTail)
        writer.appendCompactSize(path.siblings.count)
        for sibling in path.siblings { writer.append(sibling.internalBytes.reversed()) }
        writer.append(headerTail)
        return writer.bytes
    }

    /// The 32 bytes that follow the magic, from the two parts of a Hathor block that its hash covers.
    public static func baseHash(funds: [UInt8], graph: [UInt8]) -> [UInt8] {
        Hash256.sha256d(SHA256.hash(funds) + SHA256.hash(graph)).internalBytes.reversed()
    }

    /// The parent's hash, which is the Hathor block's id.
    public func blockHash(baseHash: [UInt8]) -> Hash256 {
        let root = path.root(coinbase: .sha256d(coinbaseHead + baseHash + coinbaseTail))
        return .sha256d(headerHead + root.internalBytes + headerTail)
    }

    /// Judges the proof: the *first* magic of the coinbase head must end it, and the parent's hash must be below the weight's target.
    /// - Returns: the block's id.
    @discardableResult
    public func verify(baseHash: [UInt8], weight: Double, longestPath: Int = HathorProof.longestPath) throws(HathorReject) -> Hash256 {
        try checkForm(longestPath: longestPath)
        let hash = blockHash(baseHash: baseHash)
        guard hash.number < Self.bound(weight: weight) else { throw .highHash }
        return hash
    }

    /// The rules that need no hash.
    func checkForm(longestPath: Int) throws(HathorReject) {
        guard let magicAt = coinbaseHead.firstOffset(of: Self.magic) else { throw .noMagic }
        guard magicAt == coinbaseHead.count - Self.magic.count else { throw .unexpectedMagic }
        guard path.siblings.count <= longestPath else { throw .pathTooLong }
    }

    /// 2^(256 − weight): the hash must be strictly less.
    static func bound(weight: Double) -> UInt256 {
        let exponent = 256 - weight
        guard exponent > 0 else { return .zero }
        guard exponent < 256 else { return .max }
        // Whole and fractional power apart: a double of 1…2 is 53 exact bits, which then move up.
        let whole = Int(exponent)
        let significand = UInt64(exp2(exponent - Double(whole)) * 0x1p52)
        let number = UInt256(significand)
        return whole >= 52 ? number << (whole - 52) : number >> (52 - whole)
    }
}

/// Why Hathor refuses a proof; the raw value is the label in logs and counters.
public enum HathorReject: String, Error, CaseIterable, Sendable {
    case noMagic = "no-magic"
    case unexpectedMagic = "unexpected-magic"
    case pathTooLong = "path-too-long"
    case hashMismatch = "hash-mismatch"
    case highHash = "high-hash"
    case badEncoding = "bad-encoding"

    /// What it means, in a sentence.
    public var text: String {
        switch self {
        case .noMagic: "the coinbase head has no Hath"
        case .unexpectedMagic: "an earlier Hath stands in the coinbase head"
        case .pathTooLong: "the Merkle path is too long"
        case .hashMismatch: "the parent's hash is not the block's id"
        case .highHash: "the parent's hash is not below the weight's target"
        case .badEncoding: "the proof does not decode"
        }
    }
}
