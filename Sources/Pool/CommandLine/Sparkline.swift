/// A row of bars, one for each value.
enum Sparkline {
    private static let bars: [Character] = ["▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"]

    /// The last `width` values, against the largest of them.
    static func text(_ values: [Double], width: Int) -> String {
        let shown = values.suffix(width)
        guard let top = shown.max(), top > 0 else { return "" }
        return String(shown.map { bars[min(bars.count - 1, Int($0 / top * Double(bars.count - 1) + 0.5))] })
    }
}
