/// The session id that a miner may show when it comes back: 16 bytes, of which the first names the loop and the others are random.
///
/// Whoever shows it gets the session's extranonce1, so it is neither that nor anything else that another miner could learn or guess.
struct ResumeToken: Hashable, Sendable, BitwiseCopyable {
    let high: UInt64
    let low: UInt64

    init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    init(loop: UInt8, using generator: inout some RandomNumberGenerator) {
        high = UInt64(loop) << 56 | generator.next() >> 8
        low = generator.next()
    }

    /// The loop that gave it.
    var loop: UInt8 { UInt8(truncatingIfNeeded: high >> 56) }

    /// 32 digits.
    var text: String { HexField.text(high, digits: 16) + HexField.text(low, digits: 16) }

    init?(text: String) {
        let digits = Array(text.utf8)
        guard digits.count == 32, let high = HexField.number(digits.span, 0..<16), let low = HexField.number(digits.span, 16..<32) else {
            return nil
        }
        self.high = high
        self.low = low
    }
}
