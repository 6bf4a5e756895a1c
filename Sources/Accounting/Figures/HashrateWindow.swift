/// The spans hashrates are shown over.
public enum HashrateWindow: Int, CaseIterable, Sendable {
    case oneMinute
    case fiveMinutes
    case fifteenMinutes
    case oneHour
    case sixHours
    case oneDay
    case sevenDays

    /// The name in JSON and tables.
    public var label: String {
        switch self {
        case .oneMinute: "1m"
        case .fiveMinutes: "5m"
        case .fifteenMinutes: "15m"
        case .oneHour: "1h"
        case .sixHours: "6h"
        case .oneDay: "1d"
        case .sevenDays: "7d"
        }
    }

    public var seconds: Int {
        switch self {
        case .oneMinute: 60
        case .fiveMinutes: 300
        case .fifteenMinutes: 900
        case .oneHour: 3_600
        case .sixHours: 21_600
        case .oneDay: 86_400
        case .sevenDays: 604_800
        }
    }

    /// The buckets it is summed from: as fine as the shortest window on them wants.
    var tier: RateTier {
        switch self {
        case .oneMinute, .fiveMinutes, .fifteenMinutes: .minutes
        case .oneHour: .fiveMinutes
        case .sixHours, .oneDay: .hours
        case .sevenDays: .sixHours
        }
    }
}

/// Hashes per second over each window.
public struct Hashrates: Sendable, Equatable {
    private var rates: [Double]

    init(_ rate: (HashrateWindow) -> Double) {
        rates = HashrateWindow.allCases.map(rate)
    }

    public subscript(window: HashrateWindow) -> Double { rates[window.rawValue] }

    public static func + (left: Hashrates, right: Hashrates) -> Hashrates {
        Hashrates { left[$0] + right[$0] }
    }
}
