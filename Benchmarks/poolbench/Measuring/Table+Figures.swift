/// How what was measured stands in a table.
extension Table.Cell {
    /// A series' rate in millions a second.
    static func millionths(of series: Series?) -> Table.Cell {
        series.map { .real($0.rate / 1e6, decimals: $0.rate < 1e7 ? 3 : 2) } ?? .none
    }

    /// A series' spread, in percent.
    static func spread(of series: Series) -> Table.Cell { .real(100 * series.spread, decimals: 1) }

    /// The time below which the given part (0…1) of all times lies.
    static func milliseconds(_ times: LatencyHistogram, _ part: Double) -> Table.Cell {
        times.percentile(part).map { .real($0 / 1e6, decimals: 2) } ?? .none
    }
}
