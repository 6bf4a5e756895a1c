extension Duration {
    /// Whole milliseconds, rounded up and kept within 1 ms … 10 days: what C libraries take, and never the zero that means "for ever" to them.
    package var milliseconds: Int {
        let longest = 864_000
        let (seconds, attoseconds) = components
        guard seconds < longest else { return longest * 1000 }
        guard seconds >= 0 else { return 1 }
        return max(1, Int(seconds) * 1000 + Int((attoseconds + 999_999_999_999_999) / 1_000_000_000_000_000))
    }
}
