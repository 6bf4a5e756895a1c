internal import JSON
import Stratum

/// What a command asks of the pool's administration.
enum PoolctlRequest {
    /// A path under `/api/v1/`, with its query.
    case read(String)
    case change(path: String, body: JSONValue)

    init(_ parsed: ParsedArguments) throws(UsageError) {
        if let change = try Self.change(parsed) {
            self = .change(path: change.path, body: change.body)
        } else {
            self = .read(try Self.query(parsed))
        }
    }

    // MARK: Reading

    private static func query(_ parsed: ParsedArguments) throws(UsageError) -> String {
        let isArchived = parsed.has("archive")
        let path = parsed.command.name.split(separator: " ").joined(separator: "/") + (isArchived ? "/archive" : "")
        var query: [(String, String)] = []
        for option in ["account", "chain", "worker"] {
            if let value = parsed.options[option] { query.append((option, value)) }
        }
        if parsed.command.options.contains(where: { $0.name == "limit" }), let limit = try parsed.integer("limit", 1...10_000) {
            query.append(("limit", String(limit)))
        }
        switch parsed.command.name {
        case "shares":
            let since = try since(parsed)
            query.append(("since", String(since)))
            query.append(("span", String(isArchived && !parsed.has("by") ? 60 : try span(parsed, since: since))))
        case "audit round":
            guard let round = Int(parsed.operands[0]), round > 0 else {
                throw UsageError("N: \(JSON5Text.quote(parsed.operands[0])) is not allowed; allowed is a round's number, 1 or more")
            }
            query.append(("round", String(round)))
        default: break
        }
        guard !query.isEmpty else { return path }
        return path + "?" + query.map { "\($0)=\(percentEncoded($1))" }.joined(separator: "&")
    }

    /// Unix seconds: as given, or so long ago.
    private static func since(_ parsed: ParsedArguments) throws(UsageError) -> Int {
        guard let text = parsed.options["since"] else { return parsed.has("archive") ? 0 : Units.now - 3_600 }
        if let span = span(text) { return max(0, Units.now - span) }
        guard let time = Int(text), time >= 0 else { throw parsed.refused("since", text, "30m, 6h, 2d or Unix seconds") }
        return time
    }

    /// `30m`, `6h`, `2d`, in seconds.
    private static func span(_ text: String) -> Int? {
        let units: [Character: Int] = ["s": 1, "m": 60, "h": 3_600, "d": 86_400, "w": 604_800]
        guard let unit = text.last.flatMap({ units[$0] }), let count = Int(text.dropLast()), count >= 0, count < 1_000_000_000 else { return nil }
        return count * unit
    }

    /// A table of some dozens of rows, unless asked otherwise.
    private static func span(_ parsed: ParsedArguments, since: Int) throws(UsageError) -> Int {
        switch parsed.options["by"] {
        case nil: return Units.now - since <= 10_800 ? 60 : Units.now - since <= 604_800 ? 3_600 : 86_400
        case "minute": return 60
        case "hour": return 3_600
        case "day": return 86_400
        case .some(let text): throw parsed.refused("by", text, "minute, hour or day")
        }
    }

    // MARK: Changing

    private static func change(_ parsed: ParsedArguments) throws(UsageError) -> (path: String, body: JSONValue)? {
        let operands = parsed.operands
        switch parsed.command.name {
        case "stop", "reload": return (parsed.command.name, [:])
        case "kick": return ("kick", ["miner": .string(try miner(operands[0]))])
        case "message": return ("message", ["miner": .string(try miner(operands[0])), "text": .string(operands[1])])
        case "difficulty":
            guard let difficulty = Double(operands[1]), difficulty.isFinite, difficulty > 0 else {
                throw UsageError("D: \(JSON5Text.quote(operands[1])) is not allowed; allowed is a number above 0")
            }
            return ("difficulty", ["miner": .string(try miner(operands[0])), "difficulty": .real(difficulty)])
        case "accounts set": return ("accounts/set", try setting(parsed))
        case "ban":
            var body: JSONObject = ["address": .string(try address(operands[0]))]
            if let text = parsed.options["for"] {
                guard let seconds = span(text), seconds > 0 else { throw parsed.refused("for", text, "30m, 6h or 2d") }
                body["seconds"] = JSONValue(seconds)
            }
            return ("ban", .object(body))
        case "unban": return ("unban", ["address": .string(try address(operands[0]))])
        case "payouts settle":
            return ("payouts/settle", ["chain": .optional(parsed.options["chain"]), "txid": .optional(parsed.options["txid"])])
        case "payouts cancel": return ("payouts/cancel", ["payout": try payout(operands[0])])
        case "payouts bump":
            var body: JSONObject = ["payout": try payout(operands[0])]
            if let text = parsed.options["fee-rate"] {
                guard let rate = Double(text), rate > 0, rate <= 100_000 else {
                    throw parsed.refused("fee-rate", text, "a number above 0, in satoshi per virtual byte")
                }
                body["feeRate"] = .real(rate)
            }
            return ("payouts/bump", .object(body))
        case "log":
            guard Log.Level(rawValue: operands[0]) != nil else {
                let near = NearestName.find(operands[0], among: Log.Level.allCases.map(\.rawValue)).map { "; did you mean \($0)?" } ?? ""
                throw UsageError("LEVEL: \(JSON5Text.quote(operands[0])) is not allowed; allowed is \(Log.Level.names)\(near)")
            }
            return ("log", ["level": .string(operands[0])])
        default: return nil
        }
    }

    private static func miner(_ text: String) throws(UsageError) -> String {
        guard MinerSelection(parsing: text) != nil else {
            throw UsageError("MINER: \(JSON5Text.quote(text)) is not allowed; allowed is a connection's number, ACCOUNT, or ACCOUNT.WORKER")
        }
        return text
    }

    private static func address(_ text: String) throws(UsageError) -> String {
        guard BannableAddress(text) != nil else {
            throw UsageError("ADDRESS: \(JSON5Text.quote(text)) is not allowed; allowed is 192.0.2.1 or 2001:db8::1, without a port")
        }
        return text
    }

    private static func payout(_ text: String) throws(UsageError) -> JSONValue {
        guard let id = Int(text), id > 0 else {
            throw UsageError("ID: \(JSON5Text.quote(text)) is not allowed; allowed is a payout's number (see poolctl payouts status)")
        }
        return JSONValue(id)
    }

    private static func setting(_ parsed: ParsedArguments) throws(UsageError) -> JSONValue {
        let account = JSONValue.string(parsed.operands[0])
        if let (chain, address) = try assignment("address", "CHAIN=ADDR", parsed) {
            guard !address.isEmpty else { throw parsed.refused("address", chain + "=", "CHAIN=ADDR") }
            return ["account": account, "chain": .string(chain), "address": .string(address)]
        }
        guard let (chain, text) = try assignment("fee", "CHAIN=F", parsed) else {
            throw UsageError("--address CHAIN=ADDR or --fee CHAIN=F is missing")
        }
        if text.isEmpty { return ["account": account, "chain": .string(chain), "fee": .null] }
        guard let fee = Double(text), (0...1).contains(fee) else {
            throw parsed.refused("fee", "\(chain)=\(text)", "CHAIN=F with a number from 0 to 1, for example bitcoin=0.005")
        }
        return ["account": account, "chain": .string(chain), "fee": .real(fee)]
    }

    /// The two sides of `NAME=VALUE`.
    private static func assignment(
        _ option: String,
        _ form: String,
        _ parsed: ParsedArguments
    ) throws(UsageError) -> (name: String, value: String)? {
        guard let text = parsed.options[option] else { return nil }
        guard let sign = text.firstIndex(of: "="), sign > text.startIndex else { throw parsed.refused(option, text, form) }
        return (String(text[..<sign]), String(text[text.index(after: sign)...]))
    }

    /// What is said when a change was made.
    static func outcome(_ command: String, _ answer: JSONValue) -> String {
        switch command {
        case "stop": return "the pool is stopping\n"
        case "reload": return reloaded(answer.array ?? [])
        case "accounts set": return "set\n"
        case "ban": return "banned\n"
        case "unban": return "may connect again\n"
        case "payouts settle": return "payout \(answer.number("id")) is settled\n"
        case "payouts cancel": return "cancelled\n"
        case "payouts bump": return "sent as \(answer.words("txid"))\n"
        case "log": return "the log has the level \(answer.words("level"))\n"
        default:
            let count = Int(answer["connections"]?.integer ?? 0)
            return "\(count == 1 ? "1 connection" : "\(Units.count(count)) connections") reached\n"
        }
    }

    private static func reloaded(_ changes: [JSONValue]) -> String {
        guard !changes.isEmpty else { return "nothing in the configuration has changed\n" }
        let rows = changes.map { row in
            let outcome = ConfigurationUpdate.Change.outcome(isApplied: row["applied"]?.bool == true)
            return [row.words("key"), "\(row.words("from")) → \(row.words("to"))", outcome]
        }
        return TextTable(columns: ["KEY", "CHANGE", ""].map { TextTable.Column(title: $0) }, rows: rows).text()
    }

    static func percentEncoded(_ text: String) -> String {
        text.utf8.map { byte in
            let letter = byte | 0x20
            let isPlain = letter >= 0x61 && letter <= 0x7A || byte >= 0x30 && byte <= 0x39 || byte == 0x2D || byte == 0x2E || byte == 0x5F
            let digits = String(byte, radix: 16, uppercase: true)
            return isPlain ? String(UnicodeScalar(byte)) : "%\(digits.count == 1 ? "0" : "")\(digits)"
        }.joined()
    }
}
