internal import JSON

/// `poolctl` from its arguments to its exit code.
public struct PoolctlProgram: Sendable {
    /// Where texts go: standard output and error, or a test's.
    var write: @Sendable (String, Console.Stream) -> Void = { Console.write($0, to: $1) }
    var environment: @Sendable (String) -> String? = Console.environment
    var isTerminal: Bool = Console.isTerminal()
    var wantsColour: Bool = Console.wantsColour

    public init() {}

    /// - Parameter arguments: those behind the program's name.
    public func main(_ arguments: [String]) async -> ExitCode {
        do {
            if arguments == ["--version"] {
                write("poolctl \(Motherlode.version)\n", .output)
                return .done
            }
            switch try PoolctlCommand.table.parse(arguments) {
            case .help(let text): write(text, .output)
            case .arguments(let parsed) where parsed.command.name == "proof verify": return try verify(parsed)
            case .arguments(let parsed): try await run(parsed)
            }
            return .done
        } catch let error as PoolConnection.Failure {
            write("poolctl: \(error)\n", .error)
            return .failure
        } catch {
            write("poolctl: \(error)\n", .error)
            return .unusable
        }
    }

    private func verify(_ parsed: ParsedArguments) throws -> ExitCode {
        let path = parsed.operands[0] == "-" ? "/dev/stdin" : parsed.operands[0]
        let bytes: [UInt8]
        do {
            bytes = try BoundedFile.read(path, limit: ProofCommand.limit)
        } catch {
            throw UsageError("\(path): \(error.text)")
        }
        let verdict = ProofCommand(bytes: bytes).verdict(asJSON: parsed.has("json"))
        write(verdict.text, .output)
        return verdict.code
    }

    private func run(_ parsed: ParsedArguments) async throws {
        let view = PoolctlView(parsed.command.name)
        let query = try query(parsed)
        let change = try change(parsed)
        let pool = PoolConnection(try address(parsed))
        if let change {
            let answer = try await pool.change(change.path, change.body)
            write(parsed.has("json") ? answer.text() + "\n" : Self.outcome(parsed.command.name, answer), .output)
            return
        }
        repeat {
            let value = try await pool.read(query)
            if parsed.has("json") {
                write(value.text(pretty: !parsed.has("watch")) + "\n", .output)
            } else {
                let text = view.text(value, hasColour: wantsColour, now: Units.now)
                // Home, the picture, and the rest of the screen cleared: that flickers less than clearing first.
                let clearing = parsed.has("watch") && isTerminal
                write(clearing ? "\u{1B}[H\u{1B}[2J\u{1B}[3J" + text : text, .output)
            }
            if parsed.has("watch") { try await Task.sleep(for: .seconds(2)) }
        } while parsed.has("watch")
    }

    private func address(_ parsed: ParsedArguments) throws -> PoolAddress {
        var token: Secret?
        if let path = try parsed.path("token-file") {
            do {
                token = try AdminToken.read(path)
            } catch {
                throw UsageError("--token-file: \(error)")
            }
        }
        if let url = parsed.options["url"] {
            guard url.hasPrefix("http://") || url.hasPrefix("https://") else {
                throw parsed.refused("url", url, "the pool's admin address, for example http://127.0.0.1:8080")
            }
            return .url(url, token: token)
        }
        if let path = try parsed.path("socket") { return .socket(path) }
        return PoolAddress.find(environment: environment)
    }

    // MARK: Requests

    private func query(_ parsed: ParsedArguments) throws -> String {
        switch parsed.command.name {
        case "workers": parsed.options["account"].map { "workers?account=\(Self.percentEncoded($0))" } ?? "workers"
        case "blocks": try parsed.integer("limit", 1...10_000).map { "blocks?limit=\($0)" } ?? "blocks"
        case "aux blocks": try parsed.integer("limit", 1...10_000).map { "aux/blocks?limit=\($0)" } ?? "aux/blocks"
        default: parsed.command.name
        }
    }

    /// What a changing command sends; nil for a reading one.
    private func change(_ parsed: ParsedArguments) throws -> (path: String, body: JSONValue)? {
        let operands = parsed.operands
        switch parsed.command.name {
        case "stop": return ("stop", [:])
        case "kick": return ("kick", ["miner": .string(try miner(operands[0]))])
        case "message": return ("message", ["miner": .string(try miner(operands[0])), "text": .string(operands[1])])
        case "difficulty":
            guard let difficulty = Double(operands[1]), difficulty.isFinite, difficulty > 0 else {
                throw UsageError("D: \(JSON5Text.quote(operands[1])) is not allowed; allowed is a number above 0")
            }
            return ("difficulty", ["miner": .string(try miner(operands[0])), "difficulty": .real(difficulty)])
        default: return nil
        }
    }

    private func miner(_ text: String) throws -> String {
        guard MinerSelection(parsing: text) != nil else {
            throw UsageError("MINER: \(JSON5Text.quote(text)) is not allowed; allowed is a connection's number, ACCOUNT, or ACCOUNT.WORKER")
        }
        return text
    }

    private static func outcome(_ command: String, _ answer: JSONValue) -> String {
        if command == "stop" { return "the pool is stopping\n" }
        let count = Int(answer["connections"]?.integer ?? 0)
        return "\(count == 1 ? "1 connection" : "\(Units.count(count)) connections") reached\n"
    }

    private static func percentEncoded(_ text: String) -> String {
        text.utf8.map { byte in
            let letter = byte | 0x20
            let isPlain = letter >= 0x61 && letter <= 0x7A || byte >= 0x30 && byte <= 0x39 || byte == 0x2D || byte == 0x2E || byte == 0x5F
            let digits = String(byte, radix: 16, uppercase: true)
            return isPlain ? String(UnicodeScalar(byte)) : "%\(digits.count == 1 ? "0" : "")\(digits)"
        }.joined()
    }
}
