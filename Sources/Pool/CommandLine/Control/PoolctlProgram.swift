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
            case .arguments(let parsed):
                guard let document = try CommandDocument.text(parsed, of: PoolctlCommand.table) else { return try await run(parsed) }
                write(document, .output)
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

    private func run(_ parsed: ParsedArguments) async throws -> ExitCode {
        switch parsed.command.name {
        case "proof verify":
            let bytes = try file(parsed.operands[0], limit: ProofCommand.limit)
            return finish(ProofCommand(bytes: bytes).verdict(asJSON: parsed.has("json")))
        case "audit verify":
            let bytes = try file(parsed.operands[0], limit: AuditVerifyCommand.limit)
            let root = parsed.options["root"]
            return finish(AuditVerifyCommand(bytes: bytes, publishedRoot: root).verdict(asJSON: parsed.has("json")))
        case "aux forks" where parsed.has("replay"):
            let name = try parsed.path("replay") ?? "-"
            let replay = ForkReplayCommand(path: name, bytes: try file(name, limit: ForkReplayCommand.limit))
            let value = try replay.run()
            write(parsed.has("json") ? value.text(pretty: true) + "\n" : ForkReportView(value, Style(hasColour: wantsColour)).text, .output)
        case "audit ledger", "backup":
            return try await work(parsed, PoolConnection(try address(parsed)))
        case "ready": return try await ready(parsed, PoolConnection(try address(parsed)))
        case "drain": try await drain(parsed, PoolConnection(try address(parsed)))
        case "top": try await top(parsed, PoolConnection(try address(parsed)))
        case "payouts plan" where parsed.has("csv"): try await planOutside(parsed, PoolConnection(try address(parsed)))
        case "upgrade": try await upgrade(parsed, PoolConnection(try address(parsed)))
        case "payouts send": try await send(parsed, PoolConnection(try address(parsed)))
        default: try await ask(parsed)
        }
        return .done
    }

    private func file(_ operand: String, limit: Int) throws(UsageError) -> [UInt8] {
        let path = operand == "-" ? "/dev/stdin" : operand
        do {
            return try BoundedFile.read(path, limit: limit)
        } catch {
            throw UsageError("\(path): \(error.text)")
        }
    }

    private func finish(_ verdict: (text: String, code: ExitCode)) -> ExitCode {
        write(verdict.text, .output)
        return verdict.code
    }

    private func ask(_ parsed: ParsedArguments) async throws {
        let request = try PoolctlRequest(parsed)
        let pool = PoolConnection(try address(parsed))
        if case .change(let path, let body) = request {
            let answer = try await pool.change(path, body)
            write(parsed.has("json") ? answer.text() + "\n" : PoolctlRequest.outcome(parsed.command.name, answer), .output)
            return
        }
        guard case .read(let query) = request else { return }
        let view = PoolctlView(parsed.command.name)
        repeat {
            let value = try await pool.read(query)
            if parsed.command.name == "audit round" {
                try write(proof: value, parsed)
            } else if parsed.has("json") {
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

    /// A proof is a file: it is JSON whether that was asked for or not.
    private func write(proof: JSONValue, _ parsed: ParsedArguments) throws {
        let text = proof.text(pretty: true) + "\n"
        guard let path = try parsed.path("output") else { return write(text, .output) }
        do {
            try DurableFile.replace(path, with: Array(text.utf8))
        } catch {
            throw UsageError("--output: \(path): \(error)")
        }
        write("written to \(path); check it with: poolctl audit verify \(path)\n", .output)
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
}
