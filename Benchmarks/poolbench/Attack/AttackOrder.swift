import JSON

/// What a process of attackers is to do.
struct AttackOrder {
    var host: String
    var port: UInt16
    var attackers: Int
    /// Who those are that authorize.
    var user: String
    /// The first attacker's address; the others have those behind it.
    var firstSource: UInt32
    /// The honest miners' address, which every fifth attacker shares.
    var honestSource: UInt32
    /// Bytes a second that each sends at most.
    var bandwidth: Int

    /// So many of the attackers have an honest neighbour: one in …
    private static let neighbours = 5

    func source(_ number: Int) -> UInt32 {
        number % Self.neighbours == Self.neighbours - 1 ? honestSource : firstSource + UInt32(number)
    }

    func kind(_ number: Int) -> AttackKind { AttackKind.allCases[number % AttackKind.allCases.count] }
}

/// As it goes from the benchmark to a process of attackers.
extension AttackOrder {
    var json: JSONValue {
        .object(
            JSONObject([
                ("host", .string(host)), ("port", .integer(Int64(port))), ("attackers", .integer(Int64(attackers))), ("user", .string(user)),
                ("firstSource", .integer(Int64(firstSource))), ("honestSource", .integer(Int64(honestSource))),
                ("bandwidth", .integer(Int64(bandwidth))),
            ])
        )
    }

    init?(json: JSONValue) {
        guard let host = json["host"]?.string, let port = json["port"]?.integer, let attackers = json["attackers"]?.integer,
            let user = json["user"]?.string, let first = json["firstSource"]?.integer, let honest = json["honestSource"]?.integer,
            let bandwidth = json["bandwidth"]?.integer
        else { return nil }
        self.init(
            host: host,
            port: UInt16(truncatingIfNeeded: port),
            attackers: Int(attackers),
            user: user,
            firstSource: UInt32(truncatingIfNeeded: first),
            honestSource: UInt32(truncatingIfNeeded: honest),
            bandwidth: Int(bandwidth)
        )
    }
}
