/// Figures as a person reads them.
enum Readable {
    /// `12.3 MH/s`.
    static func hashrate(_ perSecond: Double) -> String {
        var value = perSecond
        var unit = 0
        let units = ["H/s", "kH/s", "MH/s", "GH/s", "TH/s", "PH/s", "EH/s", "ZH/s"]
        while value >= 1000, unit < units.count - 1 {
            value /= 1000
            unit += 1
        }
        return "\(digits(value)) \(units[unit])"
    }

    /// Three digits: `1.23`, `12.3`, `123`.
    static func digits(_ value: Double) -> String {
        guard value.isFinite, value >= 0, value < 1e15 else { return "–" }
        let places = value >= 99.95 ? 0 : value >= 9.995 ? 1 : 2
        let scale = [1.0, 10, 100][places]
        let scaled = Int64((value * scale).rounded())
        guard places > 0 else { return String(scaled) }
        let fraction = String(scaled % Int64(scale))
        return "\(scaled / Int64(scale)).\(String(repeating: "0", count: places - fraction.count))\(fraction)"
    }

    /// `42 s`, `3 min`, `2 h 5 min`, `4 d 1 h`.
    static func duration(_ seconds: Int64) -> String {
        switch seconds {
        case ..<90: "\(max(0, seconds)) s"
        case ..<5400: "\(seconds / 60) min"
        case ..<129_600: "\(seconds / 3600) h \(seconds % 3600 / 60) min"
        default: "\(seconds / 86_400) d \(seconds % 86_400 / 3600) h"
        }
    }

    static func left(_ text: String, _ width: Int) -> String { text + padding(text, width) }
    static func right(_ text: String, _ width: Int) -> String { padding(text, width) + text }

    private static func padding(_ text: String, _ width: Int) -> String { String(repeating: " ", count: max(0, width - text.count)) }
}

/// A row of bars, one for each value.
enum Sparkline {
    private static let bars: [Character] = ["▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"]

    static func text(_ values: [Double], width: Int) -> String {
        let shown = values.suffix(width)
        guard let top = shown.max(), top > 0 else { return "" }
        return String(shown.map { bars[min(bars.count - 1, Int($0 / top * Double(bars.count - 1) + 0.5))] })
    }
}
