public import Bitcoin
import Hashing

extension AuxPow {
    /// Reads a whole object.
    ///
    /// - Parameters:
    ///   - allowsWitness: false reads legacy coinbases only, as Elastos does.
    ///   - allowsTrailing: nodes of the Core family ignore bytes behind the object.
    public init(parsing bytes: [UInt8], allowsWitness: Bool = true, allowsTrailing: Bool = false) throws(WireError) {
        var reader = ByteReader(bytes)
        try self.init(from: &reader, allowsWitness: allowsWitness)
        if !allowsTrailing { try reader.finish() }
    }

    public init(from reader: inout ByteReader, allowsWitness: Bool = true) throws(WireError) {
        coinbase = try Transaction(from: &reader, allowsWitness: allowsWitness)
        parentHash = try reader.readBytes(32)
        coinbaseBranch = try Self.readBranch(&reader)
        coinbaseIndex = try reader.readLittleEndian(Int32.self)
        chainBranch = try Self.readBranch(&reader)
        chainIndex = try reader.readLittleEndian(Int32.self)
        parent = try BlockHeader(from: &reader)
    }

    /// The object as `submitauxblock` takes it, the coinbase without witness.
    public var serialized: [UInt8] {
        var writer = ByteWriter()
        writer.append(coinbase.witnessless)
        writer.append(parentHash)
        Self.append(coinbaseBranch, coinbaseIndex, to: &writer)
        Self.append(chainBranch, chainIndex, to: &writer)
        writer.append(parent.serialized)
        return writer.bytes
    }

    private static func readBranch(_ reader: inout ByteReader) throws(WireError) -> MerkleBranch {
        let count = try reader.readCount(ofItemsAtLeast: 32)
        var siblings: [Hash256] = []
        siblings.reserveCapacity(count)
        for _ in 0..<count { siblings.append(try reader.readHash()) }
        return MerkleBranch(siblings: siblings)
    }

    private static func append(_ branch: MerkleBranch, _ index: Int32, to writer: inout ByteWriter) {
        writer.appendCompactSize(branch.siblings.count)
        for sibling in branch.siblings { writer.append(sibling) }
        writer.appendLittleEndian(index)
    }
}
