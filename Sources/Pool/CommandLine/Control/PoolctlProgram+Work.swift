internal import JSON

extension PoolctlProgram {
    /// Runs an audit or a backup in the pool and waits for its end; how far it is shows after a second.
    func work(_ parsed: ParsedArguments, _ pool: PoolConnection) async throws -> ExitCode {
        let isAudit = parsed.command.name == "audit ledger"
        let body: JSONValue = isAudit ? [:] : ["path": .string(try absolutePath(parsed.operands[0]))]
        var progress = try await pool.change(isAudit ? "audit/ledger" : "backup", body)
        guard let id = progress["id"]?.integer else { throw PoolConnection.Failure(description: "the pool answers, but not with work of its own") }
        let line = ProgressLine(isShown: isTerminal && !parsed.has("json"), write: write)
        let begun = ContinuousClock.now
        var pause = 20
        while progress["state"]?.string == "running" {
            try await Task.sleep(for: .milliseconds(pause))
            pause = min(250, pause * 2)
            progress = try await pool.read("work?id=\(id)")
            if begun.duration(to: .now) > .seconds(1) { line.show(isAudit ? "auditing" : "copying", progress, isBytes: !isAudit) }
        }
        line.clear()
        if progress["state"]?.string == "failed" {
            throw PoolConnection.Failure(description: "\(parsed.command.name) failed: \(progress.words("text"))")
        }
        return isAudit ? audited(progress, asJSON: parsed.has("json")) : copied(progress, asJSON: parsed.has("json"))
    }

    private func audited(_ progress: JSONValue, asJSON: Bool) -> ExitCode {
        let difference = progress["text"]?.string
        let result = progress["result"] ?? [:]
        if asJSON {
            var answer = result.object ?? JSONObject()
            answer["clean"] = .bool(difference == nil)
            answer["difference"] = .optional(difference)
            write(JSONValue.object(answer).text(pretty: true) + "\n", .output)
        } else if let difference {
            write("not clean: \(difference.withoutControls)\n", .output)
        } else {
            write(
                "clean: \(result.number("rounds")) rounds with \(result.number("rows")) rows, \(result.number("bookings")) bookings, "
                    + "\(result.number("balances")) balances\n",
                .output
            )
        }
        return difference == nil ? .done : .failure
    }

    private func copied(_ progress: JSONValue, asJSON: Bool) -> ExitCode {
        let path = progress["text"]?.string ?? ""
        write(asJSON ? JSONValue.object(JSONObject([("path", .string(path))])).text() + "\n" : "written to \(path)\n", .output)
        return .done
    }

    /// The pool's working folder is another one than this program's.
    func absolutePath(_ path: String) throws(UsageError) -> String {
        guard !path.isEmpty, !path.utf8.contains(0) else { throw UsageError("FILE: an empty path is not allowed") }
        return path.hasPrefix("/") ? path : ConfigurationTable.currentFolder() + "/" + path
    }
}

/// One line that is written over and over while something takes long.
struct ProgressLine {
    var isShown: Bool
    var write: @Sendable (String, Console.Stream) -> Void

    func show(_ name: String, _ progress: JSONValue, isBytes: Bool) {
        guard isShown else { return }
        let (done, total) = (progress["done"]?.double ?? 0, progress["total"]?.double ?? 0)
        let part = total > 0 ? min(1, done / total) : 0
        let full = Int(part * 30)
        let bar = String(repeating: "█", count: full) + String(repeating: "░", count: 30 - full)
        let counts = isBytes ? "\(Units.bytes(done)) of \(Units.bytes(total))" : "\(Units.count(Int(done))) of \(Units.count(Int(total)))"
        write("\r\(name) \(bar) \(Units.percent(part)), \(counts)\u{1B}[K", .error)
    }

    func show(_ text: String) {
        if isShown { write("\r\(text)\u{1B}[K", .error) }
    }

    func clear() {
        if isShown { write("\r\u{1B}[K", .error) }
    }
}
