import Glibc
import JSON
import Synchronization
import Testing

@testable import Pool

/// `poolctl` against a real server on a Unix socket.
@Suite struct PoolctlTests {
    private let source = FakeSource()

    private final class Capture: Sendable {
        let texts = Mutex((output: "", error: ""))
    }

    private func poolctl(
        _ arguments: [String],
        environment: @escaping @Sendable (String) -> String? = { _ in nil }
    ) async -> (code: ExitCode, output: String, error: String) {
        let capture = Capture()
        var program = PoolctlProgram()
        program.write = { text, stream in
            capture.texts.withLock { if stream == .output { $0.output += text } else { $0.error += text } }
        }
        program.environment = environment
        program.isTerminal = false
        program.wantsColour = false
        let code = await program.main(arguments)
        let texts = capture.texts.withLock { $0 }
        return (code, texts.output, texts.error)
    }

    private func withPool(_ body: (_ socket: String) async throws -> Void) async throws {
        let folder = try TemporaryFolder()
        let server = try AdminServer(source: source, socketPath: folder.path + "/poold.sock", listen: nil, token: nil, isPublic: true)
        try await body(folder.path + "/poold.sock")
        await server.stop()
    }

    @Test func status() async throws {
        try await withPool { socket in
            let (code, output, error) = await poolctl(["--socket", socket, "status"])
            #expect(code == .done && error == "")
            #expect(
                output == """
                    Motherlode \(Motherlode.version), chain regtest, height 153, up 3 h 12 min

                    hashrate  1m 12.3 MH/s  5m 12.1 MH/s  15m 12.0 MH/s  1h 11.9 MH/s  6h 11.9 MH/s  1d 11.9 MH/s  7d 0.00 H/s
                    shares    12,345 accepted, 3 rejected (0.02 %): stale 2, duplicate 1
                    miners    3 connected, 2 workers active
                    blocks    12 found, one in about 5 s, effort 73.0 %, luck 104 %, best share 65.5 k
                    network   difficulty 0.0025
                    ledger    every acknowledged share is on disk, 0 waiting
                    engine    avx512vl
                    nodes     http://127.0.0.1:18443  ready  height 153  mined on
                              http://127.0.0.1:18543  failed  height –  cannot be reached: Connection refused

                    """
            )
        }
    }

    /// The exit code is the answer: a container's health is judged by it.
    @Test func ready() async throws {
        try await withPool { socket in
            #expect(await poolctl(["ready", "--socket", socket]) == (.done, "ready\n", ""))
            #expect(await poolctl(["ready", "--json", "--socket", socket]).output == "{\"ready\":true,\"missing\":[]}\n")
            source.state.withLock { $0.status.isDraining = true }
            #expect(await poolctl(["ready", "--socket", socket]) == (.failure, "miners are moved away\n", ""))
            let (code, output, _) = await poolctl(["ready", "--json", "--socket", socket])
            #expect(code == .failure && output == "{\"ready\":false,\"missing\":[\"miners are moved away\"]}\n")
            source.state.withLock { $0.failure = .unavailable("the ledger cannot be read") }
            #expect(await poolctl(["ready", "--socket", socket]) == (.failure, "the ledger cannot be read\n", ""))
        }
        let (code, _, error) = await poolctl(["ready", "--socket", "/tmp/no-such-pool/poold.sock"])
        #expect(code == .failure && !error.isEmpty)
    }

    @Test func tablesAreAligned() async throws {
        try await withPool { socket in
            for command in ["miners", "workers", "blocks"] {
                let (code, output, _) = await poolctl([command, "--socket", socket])
                #expect(code == .done)
                #expect(output.split(separator: "\n").count == 3)
            }
            let blocks = await poolctl(["blocks", "--socket", socket]).output.split(separator: "\n")
            #expect(blocks[0].hasPrefix("height  found"))
            #expect(blocks[1].hasPrefix("   153  "))
            #expect(blocks[1].contains("25.00012345"))
            let miners = await poolctl(["miners", "--socket", socket]).output.split(separator: "\n")
            #expect(miners[1].contains("bcrt1qqypqxpq9qcrss…0zqg3yyc5phstwt.axe1"))
        }
    }

    @Test(arguments: ["status", "miners", "workers", "blocks"])
    func json(command: String) async throws {
        try await withPool { socket in
            let (code, output, _) = await poolctl([command, "--json", "--socket", socket])
            #expect(code == .done)
            let value = try JSONValue(parsing: output)
            if command == "status" { #expect(value["blocks"]?.integer == 12) } else { #expect(value.array?.count == 2) }
        }
    }

    @Test func emptyListsSaySo() async throws {
        source.state.withLock { state in
            state.miners = []
            state.workers = []
            state.blocks = []
        }
        try await withPool { socket in
            #expect(await poolctl(["miners", "--socket", socket]).output == "no miner is connected\n")
            #expect(await poolctl(["workers", "--socket", socket]).output == "no worker has sent a share yet\n")
            #expect(await poolctl(["blocks", "--socket", socket]).output == "no block was found yet\n")
            #expect(await poolctl(["blocks", "--json", "--socket", socket]).output == "[]\n")
        }
    }

    @Test func oneAccount() async throws {
        source.state.withLock { $0.workers[1].account = "bob & söhne" }
        try await withPool { socket in
            let (_, output, _) = await poolctl(["workers", "--account", "bob & söhne", "--json", "--socket", socket])
            let rows = try JSONValue(parsing: output).array ?? []
            #expect(rows.map { $0["account"]?.string } == ["bob & söhne"])
        }
    }

    @Test(arguments: [
        (["kick", "17"], AdminAction.kick(.connection(17)), "2 connections reached\n"),
        (["difficulty", "alice.axe1", "0.5"], .difficulty(.worker(account: "alice", worker: "axe1"), 0.5), "2 connections reached\n"),
        (["message", "alice", "back at noon"], .message(.account("alice"), "back at noon"), "2 connections reached\n"),
        (["stop"], .stop, "the pool is stopping\n"),
    ])
    func changes(arguments: [String], action: AdminAction, said: String) async throws {
        try await withPool { socket in
            let (code, output, _) = await poolctl(arguments + ["--socket", socket])
            #expect(code == .done)
            #expect(output == said)
            #expect(source.state.withLock { $0.actions } == [action])
        }
    }

    @Test func whatMinersSayCannotSteerTheTerminal() async throws {
        source.state.withLock { $0.miners[0].agent = "evil\u{1B}[2J\nroot" }
        try await withPool { socket in
            let (_, output, _) = await poolctl(["miners", "--socket", socket])
            #expect(!output.contains("\u{1B}"))
            #expect(output.contains("evil·[2J·root"))
        }
    }

    @Test func aRefusalIsTold() async throws {
        source.state.withLock { $0.failure = .unavailable("the store fails: disk full") }
        try await withPool { socket in
            let (code, output, error) = await poolctl(["status", "--socket", socket])
            #expect(code == .failure && output == "")
            #expect(error == "poolctl: the store fails: disk full\n")
        }
    }

    @Test(arguments: [
        (["statsu"], ["\"statsu\" is not a command of poolctl", "did you mean \"status\"?"]),
        ([], ["no command is given"]),
        (["status", "--jsno"], ["did you mean --json?"]),
        (["kick"], ["MINER is missing"]),
        (["kick", ""], ["MINER"]),
        (["difficulty", "17", "0"], ["a number above 0"]),
        (["blocks", "--limit", "0"], ["--limit", "from 1 to 10000"]),
        (["status", "--account", "a"], ["\"--account\" is not an option of poolctl status"]),
        (["status", "--url", "127.0.0.1:8080"], ["--url", "http://127.0.0.1:8080"]),
        (["status", "--url", "http://127.0.0.1:1", "--socket", "/x"], ["cannot stand together"]),
        (["status", "--token-file", "/nowhere/token"], ["--token-file", "/nowhere/token", "No such file"]),
        (["workers", "blocks"], ["\"blocks\" is one argument too many"]),
    ])
    func refuses(arguments: [String], parts: [String]) async {
        let (code, output, error) = await poolctl(arguments)
        #expect(code == .unusable && output == "")
        for part in parts { #expect(error.contains(part), "\(error)") }
    }

    @Test(arguments: [["--help"], ["help"], ["blocks", "--help"], ["help", "workers"], ["--version"]])
    func helps(arguments: [String]) async {
        let (code, output, error) = await poolctl(arguments)
        #expect(code == .done && error == "" && output.contains("poolctl"))
    }

    @Test func aPoolThatIsNotThere() async throws {
        let missing = await poolctl(["status", "--socket", "/nowhere/poold.sock"])
        #expect(missing.code == .failure)
        #expect(missing.error.contains("/nowhere/poold.sock: No such file or directory"))
        #expect(missing.error.contains("poold run --config FILE"))

        let named = await poolctl(["status"], environment: { $0 == "MOTHERLODE_SOCKET" ? "/nowhere/else.sock" : nil })
        #expect(named.error.contains("/nowhere/else.sock"))

        let folder = try TemporaryFolder()
        let path = folder.path + "/poold.sock"
        let file = open(path, O_CREAT | O_WRONLY, 0o600)
        close(file)
        let dead = await poolctl(["status", "--socket", path])
        #expect(dead.code == .failure)
        #expect(dead.error.contains("no longer runs"))

        let closed = await poolctl(["status", "--url", "http://127.0.0.1:1"])
        #expect(closed.code == .failure)
        #expect(closed.error.contains("http://127.0.0.1:1"))
    }

    /// The newest live pool of `poold dev` is found, past a newer one that died; a test's is not.
    @Test func findsTheDevelopmentPool() async throws {
        let temporary = try TemporaryFolder()
        var servers: [AdminServer] = []
        for name in ["motherlode-old", "motherlode-new", "motherlode-test-x"] {
            try DurableFile.makeFolder("\(temporary.path)/\(name)")
            servers.append(
                try AdminServer(source: source, socketPath: "\(temporary.path)/\(name)/poold.sock", listen: nil, token: nil, isPublic: true)
            )
        }
        let environment = { @Sendable (name: String) in name == "TMPDIR" ? temporary.path : nil }
        let stamp = { (name: String, seconds: Int) in
            var times = [timespec(tv_sec: seconds, tv_nsec: 0), timespec(tv_sec: seconds, tv_nsec: 0)]
            #expect(utimensat(AT_FDCWD, "\(temporary.path)/\(name)/poold.sock", &times, 0) == 0)
        }
        stamp("motherlode-old", 1000)
        stamp("motherlode-new", 2000)
        #expect(PoolAddress.find(environment: environment) == .socket(temporary.path + "/motherlode-new/poold.sock"))
        #expect(await poolctl(["status"], environment: environment).code == .done)

        try DurableFile.makeFolder("\(temporary.path)/motherlode-dead")
        let dead = Glibc.socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: "\(temporary.path)/motherlode-dead/poold.sock".utf8) }
        let bound = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(dead, $0, socklen_t(MemoryLayout<sockaddr_un>.size)) }
        }
        #expect(bound == 0)
        stamp("motherlode-dead", 3000)
        #expect(PoolAddress.find(environment: environment) == .socket(temporary.path + "/motherlode-new/poold.sock"))
        close(dead)
        for server in servers { await server.stop() }
        #expect(PoolAddress.find(environment: environment) == .socket(temporary.path + "/motherlode-dead/poold.sock"))
    }

    @Test func overHTTPWithAToken() async throws {
        let folder = try TemporaryFolder()
        let path = folder.path + "/token"
        let file = open(path, O_CREAT | O_WRONLY, 0o600)
        #expect(write(file, "0123456789abcdef\n", 17) == 17)
        close(file)
        let server = try AdminServer(
            source: source,
            socketPath: nil,
            listen: ListenAddress(host: "127.0.0.1", port: 0),
            token: try AdminToken.read(path),
            isPublic: true
        )
        let url = "http://\(try #require(server.address))"
        #expect(await poolctl(["status", "--url", url]).code == .done)
        let refused = await poolctl(["stop", "--url", url])
        #expect(refused.code == .failure && refused.error.contains("--token-file"))
        #expect(await poolctl(["stop", "--url", url + "/", "--token-file", path]).code == .done)
        #expect(source.state.withLock { $0.actions } == [.stop])
        await server.stop()
    }
}

@Suite struct UnitsTests {
    @Test(arguments: [
        (0.0, "0.00 H/s"), (999, "999 H/s"), (999.6, "1.00 kH/s"), (12_300_000, "12.3 MH/s"), (1e21, "1.00 ZH/s"), (-1, "–"), (.nan, "–"),
    ])
    func hashrates(value: Double, text: String) { #expect(Units.hashrate(value) == text) }

    @Test(arguments: [
        (1024.0, "1024"), (65_536, "65.5 k"), (0.001, "0.001"), (0.00015, "0.00015"), (1e-10, "1e-10"), (2.5, "2.50"), (1.2e14, "120 T"),
    ])
    func difficulties(value: Double, text: String) { #expect(Units.difficulty(value) == text) }

    @Test(arguments: [(0, "0"), (999, "999"), (1000, "1,000"), (1_234_567, "1,234,567"), (-1000, "-1,000"), (Int.min, "-9,223,372,036,854,775,808")])
    func counts(value: Int, text: String) { #expect(Units.count(value) == text) }

    @Test(arguments: [
        (0.0, "0 s"), (59.4, "59 s"), (60, "1 min"), (185, "3 min 5 s"), (7500, "2 h 5 min"), (86_400, "1 d"), (350_000, "4 d 1 h"), (1e10, "317 y"),
        (-5, "0 s"),
        (.infinity, "–"),
    ])
    func durations(value: Double, text: String) { #expect(Units.duration(value) == text) }

    @Test(arguments: [(0.0, "0.00 %"), (0.0002, "0.02 %"), (0.731, "73.1 %"), (1, "100 %"), (485, "48,500 %"), (.infinity, "– %")])
    func shares(ratio: Double, text: String) { #expect(Units.percent(ratio) == text) }

    @Test(arguments: [(0, "0.00000000"), (2_500_012_345, "25.00012345"), (-1, "-0.00000001")])
    func amounts(value: Int, text: String) { #expect(Units.coins(value) == text) }
}
