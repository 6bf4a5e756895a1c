public import Hashing

extension Target {
    /// An RSK block's target: floor(2^256 / difficulty), where a difficulty up to 2 counts as 3.
    ///
    /// RSK's difficulty is the expected number of hashes; Bitcoin's is that divided by about 2^32.
    public init(rskDifficulty difficulty: UInt256) {
        let divisor = Swift.max(difficulty, UInt256(3 as UInt8))
        // 2^256 has no room in 256 bits: divide 2^256 − divisor and add one.
        let (quotient, _) = (UInt256.zero &- divisor).quotientAndRemainder(dividingBy: divisor)
        self.init(value: quotient &+ .one)
    }

    /// Reads the `target` of `mnr_getWork`: `0x` and 64 hex digits, the most significant first.
    public init?(rskHex text: some StringProtocol) {
        guard text.hasPrefix("0x"), text.utf8.count == 66, let value = UInt256(hex: text.dropFirst(2)) else { return nil }
        self.init(value: value)
    }

    /// As ``init(rskHex:)`` reads it.
    public var rskHex: String { "0x" + value.hex }
}
