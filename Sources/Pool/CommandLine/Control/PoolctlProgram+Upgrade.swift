internal import JSON

extension PoolctlProgram {
    /// Has a new program go on, and waits until it does.
    func upgrade(_ parsed: ParsedArguments, _ pool: PoolConnection) async throws {
        let program = try parsed.operands.first.map { try absolutePath($0) }
        let body: JSONObject = program.map { ["program": .string($0)] } ?? [:]
        // Longer than the pool's own patience: its answer tells more than silence.
        let report = try await pool.change("upgrade", .object(body), within: .seconds(60))
        guard !parsed.has("json") else { return write(report.text() + "\n", .output) }
        let secured = Int(report["secured"]?.integer ?? 0)
        let rest = secured > 0 ? ", \(Units.count(secured)) of them over TLS, which are asked to connect again" : ""
        write(
            "process \(report.number("process")) goes on with \(Units.count(Int(report["connections"]?.integer ?? 0))) connections\(rest); "
                + "the pause was \(report.number("pauseMs")) ms\n",
            .output
        )
    }
}
