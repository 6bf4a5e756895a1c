internal import JSON

extension PoolctlProgram {
    /// Asks whether miners would get work and their shares are stored; the exit code is the answer.
    func ready(_ parsed: ParsedArguments, _ pool: PoolConnection) async throws -> ExitCode {
        let (isReady, words) = try await pool.probe("readyz")
        if parsed.has("json") {
            let missing = isReady ? [] : words.map { JSONValue.string($0) }
            write(JSONValue.object(["ready": .bool(isReady), "missing": .array(missing)]).text() + "\n", .output)
        } else {
            write(words.map { $0 + "\n" }.joined(), .output)
        }
        return isReady ? .done : .failure
    }
}
