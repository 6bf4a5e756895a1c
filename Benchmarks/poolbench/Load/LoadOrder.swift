import JSON

/// What a process of made-up miners is to do.
struct LoadOrder {
    var host = "127.0.0.1"
    var port: UInt16
    var connections: Int
    /// Unanswered shares of each miner; 0 for miners that only listen.
    var inFlight: Int
    /// Shares a second of all miners together; nil lets each answer bring the next share.
    var rate: Double?
    var account = StratumBenchmark.regtestUser
    /// Names behind the account, dealt out in turns; 0 for the account as it stands.
    var workers = 0
    var profiles = FirmwareProfile.mix
    /// The first of the process's addresses in 127.0.0.0/8, where the server is on loopback too; ``LoadCrew`` deals them out.
    var firstSource: UInt32 = 0
    /// The least number of processes that share the work: where figures of few connections stand beside those of many, the same for all.
    var processes = 1

    func worker(_ number: Int) -> String { workers == 0 ? account : "\(account).w\(number % workers)" }
}

/// As it goes from the benchmark to a process of miners.
extension LoadOrder {
    var json: JSONValue {
        .object(
            JSONObject([
                ("host", .string(host)), ("port", .integer(Int64(port))), ("connections", .integer(Int64(connections))),
                ("inFlight", .integer(Int64(inFlight))), ("rate", rate.map { .real($0) } ?? .null), ("account", .string(account)),
                ("workers", .integer(Int64(workers))), ("profiles", .string(profiles.map(\.rawValue).joined(separator: ","))),
                ("firstSource", .integer(Int64(firstSource))),
            ])
        )
    }

    init?(json: JSONValue) {
        guard let host = json["host"]?.string, let port = json["port"]?.integer, let connections = json["connections"]?.integer,
            let inFlight = json["inFlight"]?.integer, let account = json["account"]?.string, let workers = json["workers"]?.integer,
            let profiles = json["profiles"]?.string.flatMap(FirmwareProfile.list), let source = json["firstSource"]?.integer
        else { return nil }
        self.init(
            host: host,
            port: UInt16(truncatingIfNeeded: port),
            connections: Int(connections),
            inFlight: Int(inFlight),
            rate: json["rate"]?.double,
            account: account,
            workers: Int(workers),
            profiles: profiles,
            firstSource: UInt32(truncatingIfNeeded: source)
        )
    }
}

/// Why a load could not be put on.
struct LoadFailure: Error, CustomStringConvertible {
    let description: String
}
