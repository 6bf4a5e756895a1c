import Stratum

/// How much longer a listener's certificate holds. Few miners look at it; those that do stay away from its end on.
enum CertificateTerm: Equatable {
    case sound
    /// It ends within two weeks.
    case ending(left: Int64)
    case over

    private static let notice: Int64 = 14 * 86_400

    /// - Parameter end: Unix seconds.
    init(until end: Int64, at now: UnixTime = .now()) {
        let left = end.subtractingReportingOverflow(now.seconds).partialValue
        self = left < 0 ? .over : left < Self.notice ? .ending(left: left) : .sound
    }

    /// What is to be said of a certificate that ends then, one line; nil while it is sound.
    func finding(_ path: String, until end: Int64) -> String? {
        let date = UnixTime(milliseconds: end.multipliedReportingOverflow(by: 1000).partialValue).logText.prefix(10)
        switch self {
        case .sound: return nil
        case .ending(let left): return "\(path) ends in \(Units.duration(Double(left))), on \(date)"
        case .over: return "\(path) has expired on \(date)"
        }
    }

    static let remedy = "put a renewed one in its place"
}
