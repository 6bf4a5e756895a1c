public import Hashing

/// The 44 bytes in the parent's scriptSig: magic, tree root in display order, tree size, nonce.
public struct AuxPowCommitment: Hashable, Sendable {
    public let root: Hash256
    /// Leaves of the tree, a power of two.
    public let size: UInt32
    public let nonce: UInt32

    public init(root: Hash256, size: UInt32, nonce: UInt32) {
        self.root = root
        self.size = size
        self.nonce = nonce
    }

    public static let magic: [UInt8] = [0xfa, 0xbe, 0x6d, 0x6d]
    public static let byteCount = 44
    /// Without the magic a root must start at or before this offset of the scriptSig.
    static let lastOffsetWithoutMagic = 20

    public var bytes: [UInt8] {
        Self.magic + root.internalBytes.reversed() + size.littleEndianBytes + nonce.littleEndianBytes
    }

    /// Looks for the commitment to `root` as the chains do: a plain byte search, the script's structure is irrelevant.
    ///
    /// Returns the size and nonce that stand behind the root. `magicRequired` is Syscoin's and Elastos' rule; the others also take the
    /// form without magic from before the magic existed.
    public static func find(root: Hash256, in scriptSig: [UInt8], magicRequired: Bool) throws(AuxPowReject) -> AuxPowCommitment {
        let wanted = [UInt8](root.internalBytes.reversed())
        let magicAt = scriptSig.firstOffset(of: magic)
        guard let rootAt = scriptSig.firstOffset(of: wanted) else { throw .rootMissing }
        if let magicAt {
            if scriptSig.firstOffset(of: magic, from: magicAt + 1) != nil { throw .multipleHeaders }
            if rootAt != magicAt + magic.count { throw .headerNotAdjacent }
        } else if magicRequired {
            throw .magicMissing
        } else if rootAt > lastOffsetWithoutMagic {
            throw .rootTooLate
        }
        let tail = scriptSig.dropFirst(rootAt + wanted.count)
        guard tail.count >= 8 else { throw .sizeNonceMissing }
        return AuxPowCommitment(root: root, size: UInt32(littleEndian: tail.prefix(4)), nonce: UInt32(littleEndian: tail.dropFirst(4).prefix(4)))
    }
}
