/// Thirty-two bytes as SHA-256d yields them: *internal order*, the order of the wire and of Merkle trees.
///
/// Explorers and JSON-RPC show the reverse, *display order*; only `displayHex` and `init(displayHex:)` speak it.
/// Read as a number (to compare with a target) the bytes are little-endian, which `number` gives.
public struct Hash256: Hashable, Sendable, BitwiseCopyable {
    /// The bytes as a little-endian number.
    public var number: UInt256

    @inlinable
    public init(number: UInt256) {
        self.number = number
    }

    public static let zero = Hash256(number: .zero)
}

extension Hash256 {
    /// Reads 32 bytes in internal order; nil when there are not exactly 32.
    @inlinable
    public init?(internalBytes bytes: some Collection<UInt8>) {
        guard bytes.count == 32 else { return nil }
        if let hash = bytes.withContiguousStorageIfAvailable({ Hash256(internalBytes: UnsafeRawBufferPointer($0), at: 0) }) {
            self = hash
            return
        }
        var number = UInt256.zero
        for byte in bytes {
            number = number >> 8
            number.high |= UInt128(byte) << 120
        }
        self.init(number: number)
    }

    /// Reads the 32 bytes in internal order that begin at `offset`.
    @inlinable
    public init(internalBytes bytes: UnsafeRawBufferPointer, at offset: Int) {
        precondition(offset >= 0 && bytes.count - offset >= 32, "a hash is 32 bytes")
        let low = bytes.loadUnaligned(fromByteOffset: offset, as: UInt128.self)
        let high = bytes.loadUnaligned(fromByteOffset: offset + 16, as: UInt128.self)
        self.init(number: UInt256(high: UInt128(littleEndian: high), low: UInt128(littleEndian: low)))
    }

    /// Reads the 32 bytes in internal order that begin at `offset`.
    @inlinable
    public init(internalBytes bytes: Span<UInt8>, at offset: Int) {
        self = bytes.withUnsafeBytes { Hash256(internalBytes: $0, at: offset) }
    }

    /// The 32 bytes in internal order.
    public var internalBytes: [UInt8] { withInternalBytes { [UInt8]($0) } }

    /// Lends the 32 bytes in internal order.
    @inlinable
    public func withInternalBytes<Result>(_ body: (UnsafeRawBufferPointer) throws -> Result) rethrows -> Result {
        try Swift.withUnsafeBytes(of: (number.low.littleEndian, number.high.littleEndian), body)
    }

    /// Writes the 32 bytes in internal order from `offset` on.
    @inlinable
    public func store(to bytes: UnsafeMutableRawBufferPointer, at offset: Int) {
        precondition(offset >= 0 && bytes.count - offset >= 32, "a hash is 32 bytes")
        bytes.storeBytes(of: number.low.littleEndian, toByteOffset: offset, as: UInt128.self)
        bytes.storeBytes(of: number.high.littleEndian, toByteOffset: offset + 16, as: UInt128.self)
    }
}

extension Hash256: CustomStringConvertible {
    public var description: String { displayHex }
}
