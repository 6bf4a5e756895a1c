/// A text too long to copy, sent from where it lies: what was queued before goes first, what comes later follows.
final class Transfer {
    let text: [UInt8]
    /// Monotonic milliseconds.
    let begunAt: Int64
    var sent = 0
    /// Bytes in the output buffer that go before it.
    var leading: Int

    init(_ text: [UInt8], after leading: Int, at now: Int64) {
        self.text = text
        begunAt = now
        self.leading = leading
    }
}
