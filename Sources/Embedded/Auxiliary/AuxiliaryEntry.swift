import Bitcoin
public import Hashing

/// A block of an embedded auxiliary chain's best chain.
public struct AuxiliaryEntry: Sendable, Hashable {
    public let height: UInt32
    /// 32 bytes in the order in which the chain's nodes show them.
    public let hash: [UInt8]
    /// The id of the parent-chain header that mined it.
    public let parentID: Hash256
    /// Unix seconds.
    public let time: UInt32
    /// RSK: how many uncles it refers to.
    public let uncles: UInt8
    /// What its parent's coinbase committed to, 32 bytes in the order of its hex.
    public let commitment: [UInt8]
}

extension AuxiliaryEntry: FileRecord {
    static let magic = "mlauxch1"

    var fileBytes: [UInt8] {
        var writer = ByteWriter()
        writer.appendLittleEndian(height)
        writer.append(hash)
        writer.append(parentID)
        writer.appendLittleEndian(time)
        writer.appendLittleEndian(uncles)
        writer.append(commitment)
        return writer.bytes
    }

    init(fileBytes: [UInt8]) throws(WireError) {
        var reader = ByteReader(fileBytes)
        height = try reader.readLittleEndian(UInt32.self)
        hash = try reader.readBytes(32)
        parentID = try reader.readHash()
        time = try reader.readLittleEndian(UInt32.self)
        uncles = try reader.readLittleEndian(UInt8.self)
        commitment = try reader.readBytes(32)
        try reader.finish()
    }
}

/// What an embedded auxiliary node has been handed since it was made.
public struct AuxiliaryCounters: Sendable, Hashable {
    /// Became the tip.
    public internal(set) var accepted: UInt64 = 0
    /// Good, but beside the best chain: RSK's siblings, AuxPoW's late blocks.
    public internal(set) var beside: UInt64 = 0
    /// Handed in again.
    public internal(set) var duplicates: UInt64 = 0
    /// Of a work or template that is not known, or no longer.
    public internal(set) var unknown: UInt64 = 0
    /// Refused, by the verifier's reason.
    public internal(set) var rejected: [String: UInt64] = [:]
}
