import Glibc

/// Figures as a person reads them.
enum Units {
    /// `12.3 MH/s`.
    static func hashrate(_ perSecond: Double) -> String { scaled(perSecond, ["H/s", "kH/s", "MH/s", "GH/s", "TH/s", "PH/s", "EH/s", "ZH/s"]) }

    /// `1024`, `65.5 k`, `0.001`, `1e-10`.
    static func difficulty(_ value: Double) -> String {
        guard value >= 10_000 else {
            if value >= 1, value == value.rounded() { return String(Int(value)) }
            return value >= 1 ? digits(value) : JSON5Text.number(rounded(value))
        }
        return scaled(value, ["", "k", "M", "G", "T", "P", "E"])
    }

    /// `1,234,567`.
    static func count(_ value: Int) -> String {
        let digits = Array(String(value.magnitude))
        var text = value < 0 ? "-" : ""
        for (index, digit) in digits.enumerated() {
            if index > 0, (digits.count - index).isMultiple(of: 3) { text.append(",") }
            text.append(digit)
        }
        return text
    }

    /// `42 s`, `3 min 5 s`, `2 h 5 min`, `4 d 1 h`, `3.2 y`.
    static func duration(_ seconds: Double) -> String {
        guard seconds.isFinite else { return "–" }
        guard seconds < 31_557_600 else { return scaled(seconds / 31_557_600, ["y", "ky", "My", "Gy", "Ty", "Py"]) }
        let whole = Int(max(0, seconds).rounded())
        switch whole {
        case ..<60: return "\(whole) s"
        case ..<3600: return pair(whole / 60, "min", whole % 60, "s")
        case ..<86_400: return pair(whole / 3600, "h", whole % 3600 / 60, "min")
        default: return pair(whole / 86_400, "d", whole % 86_400 / 3600, "h")
        }
    }

    /// `12 s ago`.
    static func age(_ time: Int, now: Int) -> String { duration(Double(now - time)) + " ago" }

    /// `73.0 %`, `0.02 %`, `48,500 %`.
    static func percent(_ ratio: Double) -> String {
        let percent = 100 * ratio
        return (percent >= 1000 && percent < 1e15 ? count(Int(percent.rounded())) : digits(percent)) + " %"
    }

    /// `12.50000000`: an amount of satoshi in whole coins.
    static func coins(_ satoshi: Int) -> String { coins(Int128(satoshi), decimals: 8) }

    /// An amount of a coin's smallest unit in whole coins, all its decimals written.
    static func coins(_ units: Int128, decimals: Int) -> String {
        let digits = String(units.magnitude)
        let padded = String(repeating: "0", count: max(0, decimals + 1 - digits.count)) + digits
        return "\(units < 0 ? "-" : "")\(padded.dropLast(decimals))\(decimals > 0 ? "." : "")\(padded.suffix(decimals))"
    }

    /// `1.23 MB`.
    static func bytes(_ count: Double) -> String { scaled(count, ["B", "kB", "MB", "GB", "TB", "PB"]) }

    /// Unix seconds now.
    static var now: Int { Int(time(nil)) }

    private static func pair(_ large: Int, _ largeUnit: String, _ small: Int, _ smallUnit: String) -> String {
        small == 0 ? "\(large) \(largeUnit)" : "\(large) \(largeUnit) \(small) \(smallUnit)"
    }

    private static func scaled(_ value: Double, _ units: [String]) -> String {
        guard value.isFinite, value >= 0 else { return "–" }
        var value = value
        var unit = 0
        // 999.5 would be written as 1000.
        while value >= 999.5, unit < units.count - 1 {
            value /= 1000
            unit += 1
        }
        return units[unit].isEmpty ? digits(value) : "\(digits(value)) \(units[unit])"
    }

    /// Three significant digits: `0.02`, `1.23`, `12.3`, `123`.
    static func digits(_ value: Double) -> String {
        guard value.isFinite, value.magnitude < 1e15 else { return "–" }
        let places = value >= 99.95 ? 0 : value >= 9.995 ? 1 : 2
        let scale = [1.0, 10, 100][places]
        let number = Int((value * scale).rounded())
        guard places > 0 else { return String(number) }
        let fraction = String(number % Int(scale))
        return "\(number / Int(scale)).\(String(repeating: "0", count: places - fraction.count))\(fraction)"
    }

    /// To three significant digits.
    private static func rounded(_ value: Double) -> Double {
        guard value > 0 else { return value }
        let scale = pow(10, 2 - log10(value).rounded(.down))
        return (value * scale).rounded() / scale
    }
}
