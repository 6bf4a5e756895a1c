import Embedded
import Foundation
import Glibc
import HTTP
import JSON
import Testing

/// A pool whose configuration changes while it runs, as an operator sees it, and its miners.
@Suite("A pool that reads its configuration anew", .serialized, .timeLimit(.minutes(2)))
struct ReloadTests {
    private let folder: DataFolder
    private let node: EmbeddedNode

    init() async throws {
        folder = try DataFolder()
        node = try EmbeddedNode()
        try await node.start()
    }

    private func configuration(start: String, minimum: String, _ more: String = "") -> String {
        """
        { chain: "regtest", data: "\(folder.path)", coinbase: { address: "\(LoadClient.account(1))", tag: "/t\(start)/" },
          nodes: [{ url: "\(node.url)", user: "\(node.credentials.user)", password: "\(node.credentials.password)" }],
          stratum: [{ listen: "127.0.0.1:0", difficulty: { start: \(start), min: \(minimum) } }],
          \(more) admin: { listen: null } }
        """
    }

    private func write(_ text: String) throws { try text.write(toFile: folder.file("pool.json5"), atomically: true, encoding: .utf8) }

    private func reload(_ pool: PoolProcess) async throws -> (status: Int32, output: String) {
        try await aside { [socket = pool.socket] in try Programs.run("poolctl", ["--socket", socket, "reload"]) }
    }

    @Test("Miners get other difficulties and another tag; what cannot change is named; a bad file changes nothing")
    func reload() async throws {
        let pool = try PoolProcess(configuration: configuration(start: "1e-10", minimum: "1e-12"), folder: folder)
        defer { pool.stop() }
        let first = try LineClient(port: pool.stratumPort)
        try await first.logIn(LoadClient.account(2))
        #expect(try await first.difficulty() == 1e-10)
        let unchanged = try await reload(pool)
        #expect(unchanged.status == 0 && unchanged.output == "nothing in the configuration has changed\n")

        try write(configuration(start: "4e-10", minimum: "3e-10", "limits: { connectionsPerAddress: 2 }, accounting: { groupMs: 30 },"))
        let (status, output) = try await reload(pool)
        #expect(status == 0)
        let lines = output.split(separator: "\n").map { $0.split(separator: " ").joined(separator: " ") }
        #expect(
            lines.dropFirst() == [
                #"coinbase.tag "/t1e-10/" → "/t4e-10/" applied"#, "stratum[0].difficulty.start 1e-10 → 4e-10 applied",
                "stratum[0].difficulty.min 1e-12 → 3e-10 applied", "accounting.groupMs 20 → 30 needs an upgrade or a restart",
                "limits.connectionsPerAddress null → 2 applied",
            ]
        )
        #expect(try await first.difficulty() == 3e-10)
        let second = try LineClient(port: pool.stratumPort)
        try await second.logIn(LoadClient.account(3))
        #expect(try await second.difficulty() == 4e-10)
        let third = try LineClient(port: pool.stratumPort)
        third.send("{}")
        #expect(try await third.line() == nil, "two connections are what one address may hold")
        try await node.generate()
        let tag = "/t4e-10/".utf8.map { String($0, radix: 16) }.joined()
        while try #require(try await first.notification("mining.notify")).contains(tag) == false {}

        try write(configuration(start: "-1", minimum: "-2"))
        let refused = try await reload(pool)
        #expect(refused.status == 1)
        #expect(refused.output.contains("pool.json5:3:"), "\(refused.output)")
        #expect(refused.output.contains("stratum[0].difficulty.start: -1 is not allowed; allowed is a number above 0"))
        let status2 = try pool.ask("status")
        #expect(status2["connections"]?.integer == 2)
        let answer = try Programs.run("poolctl", ["--socket", pool.socket, "--json", "reload"])
        #expect(answer.status == 1)
    }

    @Test("SIGHUP does the same, and the log says what came of it")
    func hangup() async throws {
        let pool = try PoolProcess(configuration: configuration(start: "1e-10", minimum: "1e-12"), folder: folder)
        defer { pool.stop() }
        let client = try LineClient(port: pool.stratumPort)
        try await client.logIn(LoadClient.account(2))
        #expect(try await client.difficulty() == 1e-10)
        for (number, minimum) in ["2e-10", "3e-10"].enumerated() {
            try write(configuration(start: "1e-9", minimum: minimum, "log: { format: \"\(number == 0 ? "text" : "json")\" },"))
            kill(pool.process.processIdentifier, SIGHUP)
            #expect(try await client.difficulty() == Double(minimum))
        }
        // The line is written after the change has reached the loops.
        let line = try await said("changed keys are applied", times: 2)
        let value = try JSONValue(parsing: Array(line.utf8))
        #expect(value["part"] == "configuration")
        try write("{ nonsense")
        kill(pool.process.processIdentifier, SIGHUP)
        #expect(try JSONValue(parsing: Array(try await said("not applied", times: 1).utf8))["level"] == "error")
        #expect(try pool.ask("status")["connections"]?.integer == 1)
    }

    /// The last of so many lines of the log with these words.
    private func said(_ words: String, times: Int) async throws -> String {
        while true {
            let lines = try String(contentsOfFile: folder.file("log"), encoding: .utf8).split(separator: "\n").filter { $0.contains(words) }
            if lines.count >= times { return String(lines[times - 1]) }
            try await Task.sleep(for: .milliseconds(20))
        }
    }
}
