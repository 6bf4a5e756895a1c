extension Hash256 {
    /// SHA-256 twice, as transactions, Merkle nodes and headers are hashed.
    @inlinable
    public static func sha256d(_ bytes: some Sequence<UInt8>) -> Hash256 {
        var sha = SHA256()
        sha.update(bytes)
        return sha.digest().sha256
    }

    public static func sha256d(_ bytes: Span<UInt8>) -> Hash256 {
        var sha = SHA256()
        sha.update(bytes)
        return sha.digest().sha256
    }

    /// A Merkle node: SHA-256 twice over two nodes side by side.
    public static func sha256d(_ left: Hash256, _ right: Hash256) -> Hash256 {
        var sha = SHA256()
        left.withInternalBytes { sha.update($0) }
        right.withInternalBytes { sha.update($0) }
        return sha.digest().sha256
    }

    /// SHA-256 of these 32 bytes.
    public var sha256: Hash256 {
        var sha = SHA256()
        withInternalBytes { sha.update($0) }
        return sha.digest()
    }

    /// The digest that a final chaining value spells: eight big-endian words.
    init(digestState state: SIMD8<UInt32>) {
        func quarter(_ index: Int) -> UInt128 {
            UInt128(state[index].byteSwapped) | UInt128(state[index + 1].byteSwapped) << 32
        }
        self.init(number: UInt256(high: quarter(4) | quarter(6) << 64, low: quarter(0) | quarter(2) << 64))
    }
}
