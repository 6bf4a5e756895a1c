import Bitcoin
import Glibc
import Testing

@testable import Pool

@Suite struct ConfigurationTests {
    static let regtestAddress = "bcrt1qqypqxpq9qcrsszg2pvxq6rs0zqg3yyc5phstwt"
    static let signetAddress = "tb1qqypqxpq9qcrsszg2pvxq6rs0zqg3yyc5r7fxez"

    /// A configuration with the three keys that a pool needs, and `more` behind them.
    static func minimal(_ more: String = "") -> String {
        "{chain: 'regtest', coinbase: {address: '\(regtestAddress)'}, nodes: [{url: 'http://127.0.0.1:18443', user: 'u', password: 'p'}],\n\(more)}"
    }

    static func read(_ source: String) throws -> PoolConfiguration {
        try PoolConfiguration(json5: Array(source.utf8), name: "pool.json5")
    }

    @Test func threeKeysMakeAPool() throws {
        let configuration = try Self.read(Self.minimal())
        #expect(configuration.chain == .regtest)
        #expect(configuration.data == "/var/lib/motherlode")
        #expect(configuration.instance == 0)
        #expect(configuration.coinbase.payout == (try Address(parsing: Self.regtestAddress, chain: .regtest)))
        #expect(configuration.coinbase.tag == "/motherlode/")
        #expect(configuration.nodes.map(\.url) == ["http://127.0.0.1:18443"])
        #expect(configuration.nodes[0].password?.revealed == "p")
        #expect(configuration.stratum.map(\.listen.description) == ["0.0.0.0:3333"])
        #expect(configuration.stratum[0].versionMask == 0x1fffe000)
        #expect(configuration.stratum[0].difficulty == PoolConfiguration.Difficulty())
        #expect(configuration.accounting.store == .sqlite(path: "/var/lib/motherlode/pool.db"))
        #expect(configuration.accounting.durability == .full)
        #expect(configuration.accounting.groupMilliseconds == 20)
        #expect(configuration.admin.socket == "/var/lib/motherlode/poold.sock")
        #expect(configuration.admin.listen?.description == "127.0.0.1:8080")
        #expect(configuration.admin.isPublic)
    }

    /// Keys come from the file and go to a terminal, as values do. Found by fuzzing.
    @Test(arguments: ["{\"a\u{1}\u{1b}[2J\u{9b}b\": 1}", "{\"a\u{1b}b\": 1, \"a\u{1b}b\": 2}", "{\"a\u{85}b\" 1}"])
    func problemsHaveNoControlCharacters(source: String) {
        let error = #expect(throws: ConfigurationError.self) { try Self.read(source) }
        let text = error?.problems.map { $0.text(file: "pool.json5") }.joined() ?? ""
        #expect(text.contains("\\u00"))
        #expect(text.unicodeScalars.allSatisfy { $0.properties.generalCategory != .control })
    }

    @Test func readsEveryKey() throws {
        let configuration = try Self.read(
            """
            {
              chain: "signet", data: "/srv/pool", instance: 7,
              coinbase: { address: "\(Self.signetAddress)", tag: "/deep/" },
              nodes: [
                { url: "http://127.0.0.1:38332", cookieFile: "cookie", zmqHashBlock: "tcp://127.0.0.1:28332" },
                { url: "https://node.example:443", user: "u", password: "p" },
              ],
              stratum: [
                { listen: "[::]:3333", versionMask: "00c00000", difficulty: { start: 1, min: 1e-10, max: 5e6, sharesPerMinute: 20.5 }, tls: null, proxyProtocol: null },
                { listen: "127.0.0.1:3334" },
              ],
              auxiliaries: [], gateway: null,
              accounting: { store: "sqlite:/srv/ledger.db", durability: "relaxed", groupMs: 5, scheme: "pplns", window: 3, fee: 0 },
              payouts: { minimum: {}, feeRate: null }, limits: { connectionsPerAddress: null },
              admin: { socket: "/run/poold.sock", listen: null, tokenFile: "token", public: false },
            }
            """
        )
        #expect(configuration.chain == .signet)
        #expect(configuration.instance == 7)
        #expect(configuration.coinbase.tag == "/deep/")
        #expect(configuration.nodes[0].cookieFile == "/srv/pool/cookie")
        #expect(configuration.nodes[0].zmqHashBlock == "tcp://127.0.0.1:28332")
        #expect(configuration.nodes[1].user == "u")
        #expect(configuration.stratum.map(\.listen) == [ListenAddress(host: "::", port: 3333), ListenAddress(host: "127.0.0.1", port: 3334)])
        #expect(configuration.stratum[0].versionMask == 0x00c00000)
        #expect(configuration.stratum[0].difficulty.start == 1)
        #expect(configuration.stratum[0].difficulty.min == 1e-10)
        #expect(configuration.stratum[0].difficulty.max == 5e6)
        #expect(configuration.stratum[0].difficulty.sharesPerMinute == 20.5)
        #expect(configuration.accounting.store == .sqlite(path: "/srv/ledger.db"))
        #expect(configuration.accounting.durability == .relaxed)
        #expect(configuration.accounting.groupMilliseconds == 5)
        #expect(configuration.accounting.window == 3)
        #expect(configuration.accounting.fee == 0)
        #expect(configuration.admin.socket == "/run/poold.sock")
        #expect(configuration.admin.listen == nil)
        #expect(configuration.admin.tokenFile == "/srv/pool/token")
        #expect(!configuration.admin.isPublic)
    }

    /// Each case adds one wrong thing to a good configuration; the message must hold all the given parts.
    @Test(arguments: [
        ("instanse: 1", ["pool.json5:2:1: instanse", "not a known key", "did you mean instance?"]),
        ("instance: 256", ["pool.json5:2:11: instance: 256", "a whole number from 0 to 255"]),
        ("instance: '1'", ["instance: \"1\"", "a whole number from 0 to 255"]),
        ("instance: 1.5", ["instance: 1.5"]),
        ("data: 5", ["data: 5", "the path of a folder"]),
        ("stratum: {}", ["stratum: {}", "a list of"]),
        ("gateway: {}", ["gateway", "has no auxiliary chain to offer"]),
        (
            "auxiliaries: [{kind: 'rsk', name: 'r', url: 'http://127.0.0.1:4444'}], gateway: {listen: '0.0.0.0:8999'}",
            ["gateway.users", "lets everybody in at 0.0.0.0:8999"]
        ),
        (
            "auxiliaries: [{kind: 'rsk', name: 'r', url: 'http://127.0.0.1:4444', pollSeconds: 0}]",
            ["auxiliaries[0].pollSeconds: 0", "a number from 0.1 to 60"]
        ),
        ("stratum: [3333]", ["stratum[0]: 3333", "an object with the keys listen"]),
        ("stratum: [{listen: '3333'}]", ["stratum[0].listen: \"3333\"", "ADDRESS:PORT"]),
        ("stratum: [{listen: '0.0.0.0:70000'}]", ["stratum[0].listen: \"0.0.0.0:70000\""]),
        ("stratum: [{listen: '::1:3333'}]", ["stratum[0].listen", "[::]:3333"]),
        ("stratum: [{listen: 'pool.example:3333'}]", ["stratum[0].listen"]),
        ("stratum: [{dificulty: {}}]", ["stratum[0].dificulty", "did you mean difficulty?"]),
        ("stratum: [{difficulty: {start: 0}}]", ["stratum[0].difficulty.start: 0", "a number above 0"]),
        ("stratum: [{difficulty: {start: NaN}}]", ["stratum[0].difficulty.start: NaN"]),
        ("stratum: [{difficulty: {start: 1, min: 2}}]", ["stratum[0].difficulty.start: 1", "below min, 2"]),
        ("stratum: [{difficulty: {min: 2000}}]", ["stratum[0].difficulty.start", "below min, 2000"]),
        ("stratum: [{difficulty: {start: 9, max: 8}}]", ["stratum[0].difficulty.start: 9", "above max, 8"]),
        ("stratum: [{difficulty: {min: 9, max: 8}}]", ["stratum[0].difficulty.max: 8", "below min, 9"]),
        ("stratum: [{difficulty: {sharesPerMinute: 0}}]", ["sharesPerMinute: 0", "from 0.1 to 6000"]),
        ("stratum: [{versionMask: 'ffffffff'}]", ["stratum[0].versionMask: \"ffffffff\"", "1fffe000"]),
        ("stratum: [{versionMask: 536862720}]", ["stratum[0].versionMask: 536862720"]),
        ("stratum: [{tls: {certificate: 'c'}}]", ["stratum[0].tls.key", "missing"]),
        ("stratum: [{proxyProtocol: {trusted: ['127.0.0.1/8']}}]", ["stratum[0].proxyProtocol.trusted", "a network"]),
        ("stratum: [{listen: '0.0.0.0:8080'}]", ["admin.listen: \"127.0.0.1:8080\"", "takes the port of stratum[0].listen"]),
        ("stratum: [{listen: '1.2.3.4:1'}, {listen: '1.2.3.4:1'}]", ["stratum[1].listen", "takes the port of stratum[0].listen"]),
        (
            "auxiliaries: [{kind: 'rsk', name: 'r', url: 'http://h:1'}, {kind: 'rsk', name: 'r', url: 'http://h:2'}]",
            ["auxiliaries[1].name: \"r\"", "another chain's name", "auxiliaries[1].kind: \"rsk\"", "one RSK block only"]
        ),
        (
            """
            auxiliaries: [{kind: 'auxpow', flavour: 'namecoin', chainId: 1, name: 'a', url: 'http://h:1', address: 'N'},
            {kind: 'auxpow', flavour: 'namecoin', chainId: 1, name: 'b', url: 'http://h:1', address: 'N'}]
            """,
            ["auxiliaries: […]", "two auxiliary chains have the id 1"]
        ),
        ("auxiliaries: [{kind: 'rks', name: 'r', url: 'http://h:1'}]", ["auxiliaries[0].kind: \"rks\"", "did you mean \"rsk\"?"]),
        (
            "auxiliaries: [{kind: 'auxpow', name: 'n', url: 'http://h:1'}]",
            ["auxiliaries[0].flavour", "auxiliaries[0].chainId", "auxiliaries[0].address"]
        ),
        ("auxiliaries: [{kind: 'rsk', name: 'r', url: 'http://h:1', chainId: 1}]", ["auxiliaries[0].chainId: 1", "belongs to the kind \"auxpow\""]),
        ("accounting: {pps: {floor: {bitcon: 1}}}", ["accounting.pps.floor.bitcon", "did you mean bitcoin?"]),
        ("auxiliaries: [{kind: 'rsk', name: 'bitcoin', url: 'http://h:1'}]", ["auxiliaries[0].name: \"bitcoin\"", "the parent chain"]),
        ("auxiliaries: [{kind: 'rsk', name: 'r', url: 'http://h:1', accounting: {fee: 1}}]", ["auxiliaries[0].accounting.fee: 1"]),
        ("accounting: {scheme: 'pplsn'}", ["accounting.scheme: \"pplsn\"", "did you mean \"pplns\"?"]),
        ("accounting: {store: 'mysql://u:topsecret@h/db'}", ["accounting.store: (hidden)", "postgresql://"]),
        ("accounting: {store: 'pool.db'}", ["accounting.store", "sqlite:PATH"]),
        ("accounting: {groupMs: 0}", ["accounting.groupMs: 0", "from 1 to 1000"]),
        ("accounting: {fee: 1}", ["accounting.fee: 1", "from 0 to below 1"]),
        ("payouts: {minimum: {dogecoin: 10000}}", ["payouts.minimum", "\"dogecoin\"", "\"bitcoin\""]),
        ("payouts: {feeRate: 0}", ["payouts.feeRate: 0", "above 0"]),
        ("payouts: {feeFrom: 'miners'}", ["payouts.feeFrom: \"miners\"", "\"accounts\""]),
        ("payouts: {wallets: {bitcoin: 'a/b'}}", ["payouts.wallets", "a wallet's name"]),
        ("limits: {connectionsPerAddress: 0}", ["limits.connectionsPerAddress: 0", "from 1 to 1000000"]),
        ("admin: {public: 'yes'}", ["admin.public: \"yes\"", "true or false"]),
        ("admin: {public: false}", ["admin.tokenFile", "with public: false"]),
        ("admin: null", ["admin: null", "an object with the keys"]),
        ("admin: {socket: '/\(String(repeating: "x", count: 110))'}", ["admin.socket", "too long for a Unix socket", "107"]),
        ("a: 1, b: 2", ["pool.json5:2:1: a:", "pool.json5:2:7: b:"]),
    ])
    func refuses(addition: String, parts: [String]) throws {
        let error = #expect(throws: ConfigurationError.self) { try Self.read(Self.minimal(addition)) }
        let text = try #require(error).description
        for part in parts { #expect(text.contains(part), "\(text)") }
        #expect(!text.contains("topsecret"))
    }

    /// What is wrong with the three needed keys themselves.
    @Test(arguments: [
        ("[]", [": []", "an object with the keys chain"]),
        ("", ["pool.json5:1:1", "a value is missing"]),
        ("{\n  chain: 'regtest'\n  data: 'x'}", ["pool.json5:3:3", "a comma or } should follow the value of chain"]),
        ("{chain: 'regtest', chain: 'main'}", ["pool.json5:1:20", "the key chain stands here twice"]),
        ("{}", ["chain", "is missing", "\"main\", \"test\", \"testnet4\", \"regtest\" or \"signet\""]),
        ("{chain: 'mainnet'}", ["chain: \"mainnet\"", "did you mean \"main\"?"]),
        ("{chain: 'regtest'}", ["nodes", "coinbase.address", "is missing"]),
        ("{chain: 'regtest', stratum: []}", ["stratum: []", "nothing to do"]),
        ("{chain: 'regtest', coinbase: {address: 5}}", ["coinbase.address: 5"]),
        ("{chain: 'regtest', coinbase: {tag: 'RSKBLOCK:'}}", ["coinbase.tag"]),
        ("{chain: 'regtest', coinbase: {tag: 'löde'}}", ["coinbase.tag", "ASCII"]),
        ("{chain: 'regtest', nodes: [{url: '127.0.0.1:18443', user: 'u', password: 'p'}]}", ["nodes[0].url: \"127.0.0.1:18443\"", "http://"]),
        ("{chain: 'regtest', nodes: [{url: 'http://u:topsecret@127.0.0.1:18443'}]}", ["nodes[0].url: (hidden)", "without user and password"]),
        ("{chain: 'regtest', nodes: [{url: 'http://h:1'}]}", ["nodes[0].user", "give user and password, or cookieFile"]),
        ("{chain: 'regtest', nodes: [{url: 'http://h:1', user: 'u'}]}", ["nodes[0].password", "is missing"]),
        ("{chain: 'regtest', nodes: [{url: 'http://h:1', password: 'topsecret'}]}", ["nodes[0].user", "is missing"]),
        ("{chain: 'regtest', nodes: [{url: 'http://h:1', password: 12345}]}", ["nodes[0].password: (hidden)"]),
        (
            "{chain: 'regtest', nodes: [{url: 'http://h:1', user: 'u', password: 'p', cookieFile: 'c'}]}",
            ["nodes[0].cookieFile", "cannot stand beside"]
        ),
        ("{chain: 'regtest', nodes: [{url: 'http://h:1', cookieFile: 'c', zmqHashBlock: '127.0.0.1:1'}]}", ["nodes[0].zmqHashBlock", "tcp://"]),
    ])
    func refusesWhole(source: String, parts: [String]) throws {
        let error = #expect(throws: ConfigurationError.self) { try Self.read(source) }
        let text = try #require(error).description
        for part in parts { #expect(text.contains(part), "\(text)") }
        #expect(!text.contains("topsecret") && !text.contains("12345"))
    }

    @Test func refusesAnAddressOfAnotherNetwork() throws {
        let source = "{chain: 'regtest', coinbase: {address: '\(Self.signetAddress)'}, nodes: [{url: 'http://h:1', cookieFile: 'c'}]}"
        let text = try #require(#expect(throws: ConfigurationError.self) { try Self.read(source) }).description
        #expect(text.contains("coinbase.address: \"\(Self.signetAddress)\" belongs to"))
        #expect(text.contains("bcrt1"))
    }

    @Test func readsAuxiliaryChains() throws {
        let configuration = try Self.read(
            Self.minimal(
                """
                auxiliaries: [
                  { kind: "rsk", name: "rootstock", url: "http://127.0.0.1:4444", confirmations: 4000 },
                  { kind: "auxpow", name: "namecoin", flavour: "namecoin", chainId: 1, url: "http://127.0.0.1:8336", user: "u", password: "p",
                    address: "N1", confirmations: 101 },
                  { kind: "auxpow", name: "syscoin", flavour: "syscoin", chainId: 16, url: "http://127.0.0.1:8337", address: "sys1" },
                ]
                """
            )
        )
        #expect(configuration.auxiliaries.map(\.kind) == [.rsk, .auxpow, .auxpow])
        #expect(configuration.auxiliaries.map(\.chainID) == [nil, 1, 16])
        #expect(configuration.auxiliaries.map(\.flavour) == [nil, .namecoin, .syscoin])
        #expect(configuration.auxiliaries.map(\.confirmations) == [4000, 101, nil])
        #expect(configuration.auxiliaries[1].password?.revealed == "p")
    }

    @Test func secretsNeverPrint() throws {
        let configuration = try Self.read(
            "{chain: 'regtest', coinbase: {address: '\(Self.regtestAddress)'}, nodes: [{url: 'http://h:1', user: 'u', password: 'topsecret'}]}"
        )
        var dumped = ""
        dump(configuration, to: &dumped)
        #expect(!dumped.contains("topsecret"))
        #expect(!"\(configuration)".contains("topsecret"))
        #expect(!String(reflecting: configuration).contains("topsecret"))
    }

    @Test func relativeDataStartsAtTheCurrentFolder() throws {
        let folder = try #require(getcwd(nil, 0))
        defer { free(folder) }
        let configuration = try Self.read(Self.minimal("data: 'state', admin: {socket: 's'}"))
        #expect(configuration.data == String(cString: folder) + "/state")
        #expect(configuration.admin.socket == configuration.data + "/s")
    }

    @Test func aFileThatIsNotThereIsNamed() {
        let error = #expect(throws: ConfigurationError.self) { try PoolConfiguration(contentsOf: "/nowhere/pool.json5") }
        #expect(error?.description == "/nowhere/pool.json5: No such file or directory; name a configuration file that can be read")
    }

    @Test func aDeviceWithoutEndIsRefused() {
        let error = #expect(throws: ConfigurationError.self) { try PoolConfiguration(contentsOf: "/dev/zero") }
        #expect(error?.description.contains("more than 1048576 bytes") == true)
    }
}
