/// How heavy a load is to be, as `solve` and `stratum` are both told.
struct LoadOptions {
    let connections: Int
    /// Unanswered shares of each.
    let inFlight: Int
    /// Shares a second of all together; nil lets each answer bring the next share.
    let rate: Double?

    static func options(mostConnections: Int) -> [BenchmarkOption] {
        [
            .number("connections", "connections", in: 1...mostConnections, default: 100),
            .number("in-flight", "unanswered shares of each", in: 1...1_024, default: 16),
            BenchmarkOption(name: "rate", value: "N", summary: "shares a second of all together; each answer brings the next share if not given"),
        ]
    }

    init(_ arguments: BenchmarkArguments) throws(BenchmarkUsageError) {
        connections = try arguments.integer("connections")
        inFlight = try arguments.integer("in-flight")
        let rate = try arguments.integer("rate", in: 1...10_000_000, default: 0)
        self.rate = rate > 0 ? Double(rate) : nil
    }
}
