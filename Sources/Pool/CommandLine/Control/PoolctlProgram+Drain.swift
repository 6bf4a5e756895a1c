internal import JSON

extension PoolctlProgram {
    /// How long miners that were asked last may take to go.
    private static let patience = Duration.seconds(10)

    /// Sends the miners away and waits until they have gone or had the time to.
    func drain(_ parsed: ParsedArguments, _ pool: PoolConnection) async throws {
        if parsed.has("cancel") {
            let answer = try await pool.change("drain", ["cancel": true])
            return write(parsed.has("json") ? answer.text() + "\n" : "connections are taken again\n", .output)
        }
        let seconds = try parsed.integer("over", 0...3_600) ?? 60
        var left = try await pool.change("drain", ["seconds": JSONValue(seconds)])["connections"]?.integer ?? 0
        let line = ProgressLine(isShown: isTerminal && !parsed.has("json"), write: write)
        let end = ContinuousClock.now + .seconds(seconds) + Self.patience
        while left > 0, ContinuousClock.now < end {
            line.show("\(left) connections are left")
            try await Task.sleep(for: .milliseconds(200))
            left = try await pool.read("status")["connections"]?.integer ?? 0
        }
        line.clear()
        if parsed.has("stop") { _ = try await pool.change("stop", [:]) }
        if parsed.has("json") { return write(JSONValue.object(["connections": .integer(left)]).text() + "\n", .output) }
        let words = left == 0 ? "no connection is left" : left == 1 ? "1 connection is left" : "\(Units.count(Int(left))) connections are left"
        write(words + (parsed.has("stop") ? "; the pool is stopping\n" : "\n"), .output)
    }
}
