extension Hash256 {
    /// The reversed hex that explorers and JSON-RPC show.
    public var displayHex: String { number.hex }

    /// Reads 64 digits in display order.
    @inlinable
    public init?(displayHex text: some StringProtocol) {
        guard text.utf8.count == 64, let number = UInt256(hex: text) else { return nil }
        self.init(number: number)
    }
}
