import Testing

@testable import Pool

@Suite struct ConfigurationUpdateTests {
    /// What changes between two configurations with these keys behind the three that every pool has.
    private func changes(_ before: String, _ after: String) throws -> (changes: [String], running: PoolConfiguration) {
        var running = try ConfigurationTests.read(ConfigurationTests.minimal(before))
        let changes = running.take(try ConfigurationTests.read(ConfigurationTests.minimal(after)))
        return (changes.map(\.description), running)
    }

    @Test(
        "Each key says what becomes of it",
        arguments: [
            ("", "", []),
            ("", "limits: { connectionsPerAddress: 7 }", ["limits.connectionsPerAddress: null -> 7: applied"]),
            ("limits: { auxiliaryJobSeconds: 1 }", "", ["limits.auxiliaryJobSeconds: 1 -> 3: applied"]),
            (
                "stratum: [{ difficulty: { start: 1, max: 8 } }]", "stratum: [{ difficulty: { start: 2, min: 0.5, sharesPerMinute: 6 } }]",
                [
                    "stratum[0].difficulty.start: 1 -> 2: applied", "stratum[0].difficulty.min: 0.001 -> 0.5: applied",
                    "stratum[0].difficulty.max: 8 -> null: applied", "stratum[0].difficulty.sharesPerMinute: 12 -> 6: applied",
                ]
            ),
            (
                "stratum: [{ versionMask: '1fffe000' }]", "stratum: [{ versionMask: '00ffe000' }]",
                ["stratum[0].versionMask: \"1fffe000\" -> \"00ffe000\": needs an upgrade or a restart"]
            ),
            (
                "payouts: { minimum: { bitcoin: 5000 } }", "payouts: { minimum: { bitcoin: 6000 }, feeRate: 2.5, feeFrom: 'accounts' }",
                [
                    "payouts.minimum: { \"bitcoin\": 5000 } -> { \"bitcoin\": 6000 }: applied", "payouts.feeRate: null -> 2.5: applied",
                    "payouts.feeFrom: \"pool\" -> \"accounts\": needs an upgrade or a restart",
                ]
            ),
            (
                "accounting: { groupMs: 5 }", "accounting: { fee: 0.02 }",
                ["accounting.groupMs: 5 -> 20: needs an upgrade or a restart", "accounting.fee: 0.01 -> 0.02: applied"]
            ),
            (
                "log: { level: 'debug' }", "log: { format: 'json' }",
                ["log.level: \"debug\" -> \"info\": applied", "log.format: \"text\" -> \"json\": applied"]
            ),
            (
                "stratum: [{ tls: { certificate: '/a', key: '/k' } }]", "stratum: [{}]",
                ["stratum[0].tls: {…} -> null: needs an upgrade or a restart"]
            ),
            ("admin: { listen: null }", "", ["admin.listen: null -> \"127.0.0.1:8080\": needs an upgrade or a restart"]),
            (
                "admin: { tokenFile: '/a' }", "admin: { tokenFile: '/b', public: false }",
                ["admin.tokenFile: \"/a\" -> \"/b\": applied", "admin.public: true -> false: applied"]
            ),
        ] as [(String, String, [String])]
    )
    func table(before: String, after: String, expected: [String]) throws {
        #expect(try changes(before, after).changes == expected)
    }

    @Test func whatIsAppliedHoldsAndNothingElse() throws {
        let before = "stratum: [{ difficulty: { start: 1 } }], accounting: { fee: 0.01, window: 2 }"
        let (_, running) = try changes(before, "stratum: [{ difficulty: { start: 4 } }], accounting: { fee: 0.03, window: 5 }, instance: 9")
        #expect(running.stratum[0].difficulty.start == 4)
        #expect(running.accounting.fee == 0.03)
        #expect(running.accounting.window == 2)
        #expect(running.instance == 0)
        // The same file once more: what waits goes on to be named.
        var again = running
        let wanted = "stratum: [{ difficulty: { start: 4 } }], accounting: { fee: 0.03, window: 5 }, instance: 9"
        #expect(again.take(try ConfigurationTests.read(ConfigurationTests.minimal(wanted))).map(\.key) == ["instance", "accounting.window"])
    }

    @Test("A listener is known by its address, wherever it stands")
    func reordered() throws {
        let (first, second) = ("{ listen: '127.0.0.1:1', difficulty: { start: 1 } }", "{ listen: '127.0.0.1:2', difficulty: { start: 2 } }")
        let (changes, running) = try changes(
            "stratum: [\(first), \(second)]",
            "stratum: [{ listen: '127.0.0.1:2', difficulty: { start: 16 } }, \(first), { listen: '127.0.0.1:3' }]"
        )
        #expect(
            changes == [
                "stratum[0].difficulty.start: 2 -> 16: applied",
                #"stratum: ["127.0.0.1:1", "127.0.0.1:2"] -> ["127.0.0.1:2", "127.0.0.1:1", "127.0.0.1:3"]: needs an upgrade or a restart"#,
            ]
        )
        #expect(running.stratum.map(\.listen.port) == [1, 2])
        #expect(running.stratum.map(\.difficulty.start) == [1, 16])
    }

    @Test("A secret that differs is told, and not shown")
    func secrets() throws {
        let chain = "kind: 'auxpow', name: 'n', flavour: 'namecoin', chainId: 1, url: 'http://127.0.0.1:1', address: 'N', user: 'u'"
        let (changes, _) = try changes("auxiliaries: [{ \(chain), password: 'old' }]", "auxiliaries: [{ \(chain), password: 'new' }]")
        #expect(changes == ["auxiliaries[0].password: \"****\" -> \"****\": needs an upgrade or a restart"])
        let stores = try self.changes(
            "accounting: { store: 'postgresql://u:one@h/d' }",
            "accounting: { store: 'postgresql://u:two@h/d' }"
        ).changes
        #expect(stores == ["accounting.store: \"postgresql://…\" -> \"postgresql://…\": needs an upgrade or a restart"])
    }

    @Test("Every key says whether it changes while the pool runs")
    func everyKeySays() {
        func check(_ keys: [KeyFacts], _ prefix: String) -> [String] {
            keys.flatMap { key -> [String] in
                #expect((key.change == .byItsKeys) == (key.shape != .scalar), "\(prefix)\(key.name)")
                let own = key.change == .whileRunning ? [prefix + key.name] : []
                return own + check(key.children, prefix + key.name + ".")
            }
        }
        #expect(
            Set(check(ConfigurationTable.root.facts, "")) == [
                "coinbase.tag", "stratum.difficulty.start", "stratum.difficulty.min", "stratum.difficulty.max", "stratum.difficulty.sharesPerMinute",
                "auxiliaries.accounting.fee", "accounting.fee", "payouts.minimum", "payouts.feeRate", "payouts.confirmations",
                "limits.connectionsPerAddress", "limits.auxiliaryJobSeconds", "log.level", "log.format", "admin.tokenFile", "admin.public",
            ]
        )
    }
}
