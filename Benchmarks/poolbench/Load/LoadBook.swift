import JSON

/// What a load came to since the last time it was asked, by the client's own book.
struct LoadBook {
    var seconds = 0.0
    var accepted = 0
    /// By the pool's own words.
    var refused: [String: Int] = [:]
    var troubles: [String: Int] = [:]
    var closed = 0
    var latency = LatencyHistogram()
    /// The clients' CPU seconds.
    var cpu = 0.0
    /// Clean jobs that came, and when the first and the last did: monotonic nanoseconds.
    var cleanJobs = 0
    var firstJobAt: UInt64 = .max
    var lastJobAt: UInt64 = 0
    /// Other jobs, and when the first of them came.
    var plainJobs = 0
    var firstPlainJobAt: UInt64 = .max

    var sharesPerSecond: Double { Double(accepted) / max(seconds, 1e-9) }
    /// Milliseconds from the first connection that has a clean job to the last.
    var fanOut: Double { Double(lastJobAt - min(firstJobAt, lastJobAt)) / 1e6 }
    var refusedCount: Int { refused.values.reduce(0, +) }
    var microsecondsPerShare: Double { 1e6 * cpu / Double(max(1, accepted + refusedCount)) }

    /// Books of several processes over the same time, or of one over several times.
    mutating func merge(_ other: LoadBook, isSameTime: Bool) {
        seconds = isSameTime ? max(seconds, other.seconds) : seconds + other.seconds
        accepted += other.accepted
        refused.merge(other.refused, uniquingKeysWith: +)
        troubles.merge(other.troubles, uniquingKeysWith: +)
        closed += other.closed
        latency.merge(other.latency)
        cpu += other.cpu
        cleanJobs += other.cleanJobs
        firstJobAt = min(firstJobAt, other.firstJobAt)
        lastJobAt = max(lastJobAt, other.lastJobAt)
        plainJobs += other.plainJobs
        firstPlainJobAt = min(firstPlainJobAt, other.firstPlainJobAt)
    }
}

/// As it goes from a client's process to the benchmark.
extension LoadBook {
    var json: JSONValue {
        func counts(_ counts: [String: Int]) -> JSONValue { .object(JSONObject(counts.map { ($0.key, .integer(Int64($0.value))) })) }
        return .object(
            JSONObject([
                ("seconds", .real(seconds)), ("accepted", .integer(Int64(accepted))), ("refused", counts(refused)), ("troubles", counts(troubles)),
                ("closed", .integer(Int64(closed))), ("cpu", .real(cpu)), ("cleanJobs", .integer(Int64(cleanJobs))),
                ("firstJobAt", .integer(Int64(clamping: firstJobAt))), ("lastJobAt", .integer(Int64(clamping: lastJobAt))),
                ("plainJobs", .integer(Int64(plainJobs))), ("firstPlainJobAt", .integer(Int64(clamping: firstPlainJobAt))),
                ("latency", .array(latency.sparse.map { .integer(Int64($0)) })),
            ])
        )
    }

    init(json: JSONValue) {
        func number(_ key: String) -> Int { Int(json[key]?.integer ?? 0) }
        func counts(_ key: String) -> [String: Int] {
            Dictionary((json[key]?.object?.members ?? []).map { ($0.key, Int($0.value.integer ?? 0)) }, uniquingKeysWith: +)
        }
        seconds = json["seconds"]?.double ?? 0
        accepted = number("accepted")
        refused = counts("refused")
        troubles = counts("troubles")
        closed = number("closed")
        cpu = json["cpu"]?.double ?? 0
        cleanJobs = number("cleanJobs")
        firstJobAt = UInt64(clamping: number("firstJobAt"))
        lastJobAt = UInt64(clamping: number("lastJobAt"))
        plainJobs = number("plainJobs")
        firstPlainJobAt = UInt64(clamping: number("firstPlainJobAt"))
        latency = LatencyHistogram(sparse: (json["latency"]?.array ?? []).compactMap { $0.integer.map(Int.init) })
    }
}
