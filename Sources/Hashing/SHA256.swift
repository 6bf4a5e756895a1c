internal import CHashing

/// SHA-256 (FIPS 180-4) of one message at a time.
///
/// The blocks go to the fastest one-stream kernel of this machine; what is left of a block waits inside the value, so nothing is allocated.
public struct SHA256: Sendable {
    /// The chaining value H0…H7 after the last whole block.
    public private(set) var state: SIMD8<UInt32>
    /// Bytes taken in so far.
    public private(set) var byteCount: UInt64
    private var pending = InlineArray<64, UInt8>(repeating: 0)

    public init() {
        state = SHA256.initialState
        byteCount = 0
    }

    /// Goes on from a midstate: `state` after `byteCount` bytes, a multiple of 64.
    public init(midstate state: SIMD8<UInt32>, byteCount: UInt64) {
        precondition(byteCount.isMultiple(of: 64), "a midstate stands at a block boundary")
        self.state = state
        self.byteCount = byteCount
    }

    /// Arrays, slices, spans' owners and buffers are read in place; any other sequence byte by byte.
    @inlinable
    public mutating func update(_ bytes: some Sequence<UInt8>) {
        let taken: Void? = bytes.withContiguousStorageIfAvailable { update(UnsafeRawBufferPointer($0)) }
        if taken != nil { return }
        for byte in bytes { withUnsafeBytes(of: byte) { update($0) } }
    }

    public mutating func update(_ bytes: Span<UInt8>) {
        bytes.withUnsafeBytes { update($0) }
    }

    public mutating func update(_ bytes: UnsafeRawBufferPointer) {
        guard var source = bytes.baseAddress else { return }
        var count = bytes.count
        let filled = Int(byteCount % 64)
        byteCount &+= UInt64(count)
        if filled != 0 {
            let taken = min(count, 64 - filled)
            withUnsafeMutableBytes(of: &pending) {
                UnsafeMutableRawBufferPointer(rebasing: $0[filled...]).copyMemory(from: UnsafeRawBufferPointer(start: source, count: taken))
            }
            source += taken
            count -= taken
            guard filled + taken == 64 else { return }
            compressPending()
        }
        if count >= 64 {
            SHA256.compress(&state, source, blocks: count / 64)
            source += count & ~63
            count &= 63
        }
        if count != 0 {
            withUnsafeMutableBytes(of: &pending) { $0.copyMemory(from: UnsafeRawBufferPointer(start: source, count: count)) }
        }
    }

    /// The digest as 32 bytes.
    public consuming func finalize() -> [UInt8] { digest().internalBytes }

    /// The digest, its first byte first.
    public consuming func digest() -> Hash256 {
        let bitCount = byteCount &* 8
        let filled = Int(byteCount % 64)
        pending[filled] = 0x80
        // The bit count takes the last eight bytes: of this block, or of one more where these are taken already.
        clearPending(from: filled + 1)
        if filled >= 56 {
            compressPending()
            clearPending(from: 0)
        }
        withUnsafeMutableBytes(of: &pending) { $0.storeBytes(of: bitCount.bigEndian, toByteOffset: 56, as: UInt64.self) }
        compressPending()
        return Hash256(digestState: state)
    }

    private mutating func clearPending(from index: Int) {
        withUnsafeMutableBytes(of: &pending) { bytes in
            _ = UnsafeMutableRawBufferPointer(rebasing: bytes[index...]).initializeMemory(as: UInt8.self, repeating: 0)
        }
    }

    @inlinable
    public static func hash(_ bytes: some Sequence<UInt8>) -> [UInt8] {
        var sha = SHA256()
        sha.update(bytes)
        return sha.finalize()
    }

    private mutating func compressPending() {
        withUnsafeBytes(of: &pending) { block in
            guard let start = block.baseAddress else { return }
            SHA256.compress(&state, start, blocks: 1)
        }
    }

    private static func compress(_ state: inout SIMD8<UInt32>, _ source: UnsafeRawPointer, blocks: Int) {
        withUnsafeMutableBytes(of: &state) { words in
            hashing_compress(words.baseAddress?.assumingMemoryBound(to: UInt32.self), source, blocks)
        }
    }

    public static let initialState = SIMD8<UInt32>(
        0x6a09_e667,
        0xbb67_ae85,
        0x3c6e_f372,
        0xa54f_f53a,
        0x510e_527f,
        0x9b05_688c,
        0x1f83_d9ab,
        0x5be0_cd19
    )
}
