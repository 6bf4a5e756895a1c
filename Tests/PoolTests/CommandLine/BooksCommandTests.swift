import Glibc
import JSON
import Synchronization
import Testing

@testable import Pool

/// The ledger's commands against a real server on a Unix socket, above a ledger with fixed rows.
@Suite("poolctl and the ledger")
struct BooksCommandTests {
    private let source = FakeSource()

    /// Runs `poolctl` once.
    private func poolctl(_ arguments: [String]) async throws -> (code: ExitCode, output: String, error: String) {
        let folder = try TemporaryFolder()
        let socket = folder.path + "/poold.sock"
        let server = try AdminServer(source: source, socketPath: socket, listen: nil, token: nil, isPublic: true)
        let texts = Mutex((output: "", error: ""))
        var program = PoolctlProgram()
        program.write = { text, stream in
            texts.withLock { if stream == .output { $0.output += text } else { $0.error += text } }
        }
        program.isTerminal = false
        program.wantsColour = false
        let code = await program.main(["--socket", socket] + arguments)
        await server.stop()
        return texts.withLock { (code, $0.output, $0.error) }
    }

    private func view(_ command: String, _ value: JSONValue, now: Int = 2_000) -> String {
        PoolctlView(command).text(value, hasColour: false, now: now)
    }

    @Test func rounds() async throws {
        let rows = try await source.ledger.rounds(chain: nil, limit: 10).map(\.json)
        #expect(
            view("rounds", .array(rows)) == """
                chain      round  closed          lasted  effort  scheme  state        reward  height  root
                bitcoin        7  6 min 40 s ago  10 min   150 %  pplns   payable  3.12500000     900  abababa…babababab
                rootstock      7  6 min 40 s ago  10 min   150 %  pplns   weighed           –     900  abababa…babababab

                """
        )
    }

    @Test func balances() async throws {
        let rows = try await source.ledger.balances(account: nil).map(\.json)
        #expect(
            view("balances", .array(rows)) == """
                account     chain                   immature      payable     sending        paid  address
                (the pool)  bitcoin               0.00000005  -0.00000007           0           0  –
                alice       bitcoin                        0  12.50000000  0.00000001  0.00000002  alice
                alice       rootstock  12.345678901234567890            0           0           0  not set yet

                """
        )
    }

    @Test func accounts() async throws {
        let rows = try await source.ledger.accounts().map(\.json)
        #expect(
            view("accounts", .array(rows)) == """
                account  since            workers  own fees        addresses
                alice    16 min 40 s ago        2  bitcoin 0.50 %  rootstock=0xab

                """
        )
    }

    @Test func shares() async throws {
        let rows = try await source.ledger.shares(ShareQuery(since: 0, span: 60, limit: 10)).map(\.json)
        #expect(
            view("shares", .array(rows)) == """
                began            span   worker     accepted  difficulty  hashrate  rejected
                13 min 20 s ago  1 min  alice.axe        60      61.4 k  100 kH/s  stale 2, duplicate 1

                """
        )
    }

    @Test(arguments: ["rounds", "balances", "accounts", "shares"])
    func nothingThereYetIsSaid(command: String) {
        let text = view(command, [])
        #expect(text.hasPrefix("n"))
        #expect(text.split(separator: "\n").count == 1)
    }

    @Test func theNamesInJSONStay() async throws {
        let wanted: [(String, [String])] = [
            ("rounds", ["chain", "round", "from", "to", "weight", "effort", "root"]),
            ("balances", ["account", "chain", "immature", "payable", "paid"]),
            ("accounts", ["account", "addresses", "fees"]),
            ("shares", ["start", "span", "accepted", "weight", "rejected"]),
        ]
        for (command, names) in wanted {
            let answer = try await poolctl(["--json", command])
            #expect(answer.code == .done)
            let rows = try JSONValue(parsing: Array(answer.output.utf8))
            for name in names { #expect(rows[0]?[name] != nil, "\(command) \(name)") }
        }
        // What 64 bits do not hold is text: no reader may round it.
        let balances = try JSONValue(parsing: Array(try await poolctl(["--json", "balances"]).output.utf8))
        #expect(balances[2]?["immature"] == "12345678901234567890")
        #expect(balances[1]?["payable"] == 1_250_000_000)
    }

    @Test(
        arguments: [
            (["shares", "--worker", "alice.axe", "--since", "1000", "--by", "hour", "--limit", "5"], "alice.axe", 3_600, 5),
            (["shares", "--since", "2000000000"], nil, 60, 10_000),
            (["shares", "--since", "52w"], nil, 86_400, 10_000),
            (["shares", "--since", "2d"], nil, 3_600, 10_000),
        ] as [([String], String?, Int, Int)]
    )
    func sharesAsksForWindows(arguments: [String], worker: String?, span: Int, limit: Int) async throws {
        #expect(try await poolctl(arguments).code == .done)
        let query = try #require(source.ledger.state.withLock { $0.queries.last })
        #expect(query.worker == worker)
        #expect(query.span == span)
        #expect(query.limit == limit)
    }

    @Test(arguments: [
        (["accounts", "set", "alice", "--address", "namecoin=N1"], AccountSetting(account: "alice", chain: "namecoin", .address("N1"))),
        (["accounts", "set", "alice", "--fee", "bitcoin=0.0125"], AccountSetting(account: "alice", chain: "bitcoin", .fee(12_500))),
        (["accounts", "set", "alice", "--fee", "bitcoin="], AccountSetting(account: "alice", chain: "bitcoin", .fee(nil))),
    ])
    func accountsAreSet(arguments: [String], setting: AccountSetting) async throws {
        let answer = try await poolctl(arguments)
        #expect(answer.code == .done && answer.output == "set\n")
        #expect(source.ledger.state.withLock { $0.settings } == [setting])
    }

    @Test(arguments: [
        (["accounts", "set", "alice"], "--address CHAIN=ADDR or --fee CHAIN=F is missing"),
        (["accounts", "set", "alice", "--address", "N1"], "--address: \"N1\" is not allowed; allowed is CHAIN=ADDR"),
        (["accounts", "set", "alice", "--address", "namecoin="], "--address"),
        (["accounts", "set", "alice", "--fee", "bitcoin=2"], "a number from 0 to 1"),
        (["accounts", "set", "alice", "--fee", "bitcoin=0", "--address", "a=b"], "cannot stand together"),
        (["audit", "round", "x", "--account", "a"], "N: \"x\" is not allowed"),
        (["audit", "round", "1"], "--account A is missing"),
        (["shares", "--since", "yesterday"], "--since: \"yesterday\""),
        (["shares", "--by", "week"], "minute, hour or day"),
        (["audit", "legder"], "did you mean \"audit ledger\"?"),
        (["balnaces"], "did you mean \"balances\"?"),
        (["log", "warnin"], "did you mean warning?"),
    ])
    func unusableArgumentsAreExplained(arguments: [String], words: String) async throws {
        let answer = try await poolctl(arguments)
        #expect(answer.code == .unusable)
        #expect(answer.error.contains(words), "\(answer.error)")
    }

    @Test func anAuditNamesItsDifference() async throws {
        let answer = try await poolctl(["audit", "ledger"])
        #expect(answer.code == .failure)
        #expect(answer.output == "not clean: balance on bitcoin: payable of alice is 1, recomputed 2\n")
        let json = try JSONValue(parsing: Array(try await poolctl(["--json", "audit", "ledger"]).output.utf8))
        #expect(json["clean"] == false)
        #expect(json["rounds"] == 3)
        #expect(json["difference"]?.string?.isEmpty == false)
    }

    @Test func aBackupSaysWhereItIsOrWhyNot() async throws {
        #expect(try await poolctl(["backup", "/x/y.db"]).output == "written to /x/y.db\n")
        let full = try await poolctl(["backup", "/x/full"])
        #expect(full.code == .failure)
        #expect(full.error == "poolctl: backup failed: no space left for /x/full\n")
        // A relative path is this program's, not the pool's.
        let relative = try await poolctl(["backup", "y.db"]).output
        #expect(relative.hasPrefix("written to /") && relative.hasSuffix("/y.db\n"))
    }

    @Test func aProofGoesToAFileThatCanBeChecked() async throws {
        let folder = try TemporaryFolder()
        let path = folder.path + "/proof.json"
        let made = try await poolctl(["audit", "round", "7", "--account", "alice", "--output", path])
        #expect(made.code == .done)
        // The fixed proof's root is none: it must be found out.
        let verified = try await poolctl(["audit", "verify", path])
        #expect(verified.code == .failure)
        #expect(verified.output == "not valid: wrong-total\n")
        #expect(try await poolctl(["audit", "round", "7", "--account", "bob"]).code == .failure)
        #expect(try await poolctl(["audit", "verify", folder.path + "/none"]).code == .unusable)
    }

    @Test(arguments: [
        "{", "[]", "{}", #"{"chain":"b","round":1,"account":"a","weight":3,"total":"3","root":"00","path":[]}"#,
        #"{"chain":"b","round":1,"account":"a","weight":"-3","total":"3","root":"\#(String(repeating: "0", count: 64))","path":[]}"#,
        #"{"chain":"b","round":1,"account":"a","weight":"3","total":"3","root":"\#(String(repeating: "0", count: 64))","path":[{"side":"up"}]}"#,
    ])
    func whatIsNoProofIsUnreadable(text: String) {
        let verdict = AuditVerifyCommand(bytes: Array(text.utf8)).verdict(asJSON: true)
        #expect(verdict.code == .unusable)
        #expect(verdict.text.contains(#""valid":false"#))
    }

    @Test func topOnAPipeIsOnePicture() async throws {
        let answer = try await poolctl(["top"])
        #expect(answer.code == .done)
        #expect(answer.output.hasPrefix("Motherlode "))
        #expect(!answer.output.contains("\u{1B}"))
        let json = try JSONValue(parsing: Array(try await poolctl(["--json", "top"]).output.utf8))
        #expect(json["status"]?["version"] != nil && json["workers"]?.array?.count == 2)
    }
}
