/// Keccak-256 with the original padding (0x01), as Ethereum and Rootstock use it. NIST's SHA3-256 pads with 0x06 and differs.
public enum Keccak256 {
    /// The 32 digest bytes.
    public static func hash(_ bytes: some Sequence<UInt8>) -> [UInt8] {
        var state = InlineArray<25, UInt64>(repeating: 0)
        var offset = 0
        for byte in bytes {
            absorb(byte, at: offset, into: &state)
            offset += 1
            if offset == rate {
                permute(&state)
                offset = 0
            }
        }
        absorb(0x01, at: offset, into: &state)
        absorb(0x80, at: rate - 1, into: &state)
        permute(&state)
        return (0..<32).map { UInt8(truncatingIfNeeded: state[$0 / 8] >> UInt64(8 * ($0 % 8))) }
    }

    /// Bytes absorbed between two permutations: 1600 bits less twice the digest.
    private static let rate = 136

    private static func absorb(_ byte: UInt8, at offset: Int, into state: inout InlineArray<25, UInt64>) {
        state[offset / 8] ^= UInt64(byte) << UInt64(8 * (offset % 8))
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
            // Rho and pi walk one orbit through all lanes but the first; the nth step rotates by the nth triangular number.
            var (x, y) = (1, 0)
            var carried = state[1]
            for step in 1...24 {
                (x, y) = (y, (2 * x + 3 * y) % 5)
                let next = state[x + 5 * y]
                state[x + 5 * y] = rotate(carried, step * (step + 1) / 2 % 64)
                carried = next
            }
            for y in 0..<5 {
                for x in 0..<5 { columns[x] = state[x + 5 * y] }
                for x in 0..<5 { state[x + 5 * y] = columns[x] ^ ~columns[(x + 1) % 5] & columns[(x + 2) % 5] }
            }
            state[0] ^= constant
        }
    }

    private static func rotate(_ value: UInt64, _ count: Int) -> UInt64 {
        count == 0 ? value : value << UInt64(count) | value >> UInt64(64 - count)
    }

    private static let roundConstants: [UInt64] = [
        0x0000_0000_0000_0001, 0x0000_0000_0000_8082, 0x8000_0000_0000_808a, 0x8000_0000_8000_8000,
        0x0000_0000_0000_808b, 0x0000_0000_8000_0001, 0x8000_0000_8000_8081, 0x8000_0000_0000_8009,
        0x0000_0000_0000_008a, 0x0000_0000_0000_0088, 0x0000_0000_8000_8009, 0x0000_0000_8000_000a,
        0x0000_0000_8000_808b, 0x8000_0000_0000_008b, 0x8000_0000_0000_8089, 0x8000_0000_0000_8003,
        0x8000_0000_0000_8002, 0x8000_0000_0000_0080, 0x0000_0000_0000_800a, 0x8000_0000_8000_000a,
        0x8000_0000_8000_8081, 0x8000_0000_0000_8080, 0x0000_0000_8000_0001, 0x8000_0000_8000_8008,
    ]
}
