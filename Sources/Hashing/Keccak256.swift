/// Keccak-256 with the original padding (0x01), as Ethereum and Rootstock use it. NIST's SHA3-256 pads with 0x06 and differs.
public enum Keccak256 {
    /// The 32 digest bytes.
    @inlinable
    public static func hash(_ bytes: some Sequence<UInt8>) -> [UInt8] {
        bytes.withContiguousStorageIfAvailable { hash(UnsafeRawBufferPointer($0)) } ?? hash(Array(bytes))
    }

    /// The 32 digest bytes.
    public static func hash(_ bytes: UnsafeRawBufferPointer) -> [UInt8] {
        var state = InlineArray<25, UInt64>(repeating: 0)
        var rest = bytes[...]
        while rest.count >= rate {
            for lane in 0..<rate / 8 { state[lane] ^= load(rest, lane) }
            permute(&state)
            rest = rest.dropFirst(rate)
        }
        for (offset, byte) in rest.enumerated() { state[offset / 8] ^= UInt64(byte) << UInt64(8 * (offset % 8)) }
        state[rest.count / 8] ^= 0x01 << UInt64(8 * (rest.count % 8))
        state[rate / 8 - 1] ^= 0x80 << 56
        permute(&state)
        return (0..<32).map { UInt8(truncatingIfNeeded: state[$0 / 8] >> UInt64(8 * ($0 % 8))) }
    }

    /// Bytes absorbed between two permutations: 1600 bits less twice the digest.
    private static let rate = 136

    private static func load(_ bytes: Slice<UnsafeRawBufferPointer>, _ lane: Int) -> UInt64 {
        UInt64(littleEndian: bytes.base.loadUnaligned(fromByteOffset: bytes.startIndex + 8 * lane, as: UInt64.self))
    }

    /// Keccak-f[1600]: 24 rounds of theta, rho and pi, chi, iota over the lanes x + 5y.
    private static func permute(_ state: inout InlineArray<25, UInt64>) {
        var columns = InlineArray<5, UInt64>(repeating: 0)
        for constant in roundConstants {
            for x in 0..<5 { columns[x] = state[x] ^ state[x + 5] ^ state[x + 10] ^ state[x + 15] ^ state[x + 20] }
            for x in 0..<5 {
                let mix = columns[(x + 4) % 5] ^ rotate(columns[(x + 1) % 5], 1)
                for y in 0..<5 { state[x + 5 * y] ^= mix }
            }
            var carried = state[1]
            for (lane, turn) in orbit {
                let next = state[lane]
                state[lane] = rotate(carried, turn)
                carried = next
            }
            for y in 0..<5 {
                for x in 0..<5 { columns[x] = state[x + 5 * y] }
                for x in 0..<5 { state[x + 5 * y] = columns[x] ^ ~columns[(x + 1) % 5] & columns[(x + 2) % 5] }
            }
            state[0] ^= constant
        }
    }

    private static func rotate(_ value: UInt64, _ count: UInt64) -> UInt64 { value &<< count | value &>> (64 &- count) }

    /// Rho and pi walk one orbit through all lanes but the first: the lanes in that order, and by how much each step rotates.
    private static let orbit: [(lane: Int, turn: UInt64)] = [
        (10, 1), (7, 3), (11, 6), (17, 10), (18, 15), (3, 21), (5, 28), (16, 36), (8, 45), (21, 55), (24, 2), (4, 14),
        (15, 27), (23, 41), (19, 56), (13, 8), (12, 25), (2, 43), (20, 62), (14, 18), (22, 39), (9, 61), (6, 20), (1, 44),
    ]

    private static let roundConstants: [UInt64] = [
        0x0000_0000_0000_0001, 0x0000_0000_0000_8082, 0x8000_0000_0000_808a, 0x8000_0000_8000_8000,
        0x0000_0000_0000_808b, 0x0000_0000_8000_0001, 0x8000_0000_8000_8081, 0x8000_0000_0000_8009,
        0x0000_0000_0000_008a, 0x0000_0000_0000_0088, 0x0000_0000_8000_8009, 0x0000_0000_8000_000a,
        0x0000_0000_8000_808b, 0x8000_0000_0000_008b, 0x8000_0000_0000_8089, 0x8000_0000_0000_8003,
        0x8000_0000_0000_8002, 0x8000_0000_0000_0080, 0x0000_0000_0000_800a, 0x8000_0000_8000_000a,
        0x8000_0000_8000_8081, 0x8000_0000_0000_8080, 0x0000_0000_8000_0001, 0x8000_0000_8000_8008,
    ]
}
