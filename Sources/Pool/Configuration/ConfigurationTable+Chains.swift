// The rows of what stands beside the parent chain: auxiliary chains, the gateway, payouts, the operator's access.

extension ConfigurationTable {
    static let auxiliary = ConfigurationSection(
        PoolConfiguration.Auxiliary(),
        [
            ConfigurationKey(
                "kind",
                \.kind,
                .choice(PoolConfiguration.Auxiliary.Kind.self),
                required: true,
                example: "\"auxpow\"",
                change: .atStart,
                "Rootstock, or a chain that takes AuxPoW proofs."
            ),
            ConfigurationKey(
                "name",
                \.name,
                name,
                required: true,
                example: "\"namecoin\"",
                change: .atStart,
                "What logs and poolctl call the chain."
            ),
            ConfigurationKey(
                "url",
                \.url,
                .url(schemes: ["http", "https"], example: "http://127.0.0.1:8336"),
                required: true,
                example: "\"http://127.0.0.1:8336\"",
                change: .atStart,
                "The JSON-RPC address of the chain's node."
            ),
            ConfigurationKey(
                "furtherUrls",
                \.furtherURLs,
                .values(.url(schemes: ["http", "https"], example: "http://127.0.0.1:4445"), limit: 16),
                example: "[]",
                change: .atStart,
                "Further nodes of the chain. The one that is furthest gives the work; a solution goes to the node that issued its work."
            ),
            ConfigurationKey("user", \.user, .optional(name), example: "\"pool\"", change: .atStart, "The node's user, where it wants one."),
            ConfigurationKey("password", \.password, .optional(.secret), example: "\"change me\"", change: .atStart, "The user's password."),
            ConfigurationKey(
                "flavour",
                \.flavour,
                .optional(.choice(PoolConfiguration.Auxiliary.Flavour.self)),
                example: "\"namecoin\"",
                change: .atStart,
                "For auxpow: whose dialect of the family the node speaks."
            ),
            ConfigurationKey(
                "chainId",
                \.chainID,
                .optional(.integer(0...UInt32.max)),
                example: "1",
                change: .atStart,
                "For auxpow: the chain's number, which the node must report too."
            ),
            ConfigurationKey(
                "address",
                \.address,
                .optional(.text("an address of that chain, in quotes") { !$0.isEmpty && $0.utf8.count <= 128 }),
                example: "\"N…\"",
                change: .atStart,
                "For auxpow: where the chain's rewards go. An rskj node pays the address of its own configuration."
            ),
            ConfigurationKey(
                "confirmations",
                \.confirmations,
                .optional(.integer(1...1_000_000)),
                change: .atStart,
                "Confirmations until a reward is payable; null takes the chain's usual number: 4000 for rsk, 101 for auxpow."
            ),
            ConfigurationKey(
                "accounting",
                \.accounting,
                .optional(.object(ownTerms)),
                change: .byItsKeys,
                "How this chain's rewards are divided, where that is not as accounting says."
            ),
            ConfigurationKey(
                "pollSeconds",
                \.pollSeconds,
                .number("a number from 0.1 to 60") { (0.1...60).contains($0) },
                change: .atStart,
                "How often each node is asked for work. After a block of the pool's own it is asked at once."
            ),
        ],
        rules: auxiliaryRules
    )

    static let gateway = ConfigurationSection(
        PoolConfiguration.Gateway(),
        [
            ConfigurationKey("listen", \.listen, .listen, change: .atStart, "The address and port for other pools."),
            ConfigurationKey(
                "users",
                \.users,
                .list(gatewayUser, limit: 1024, by: \.name),
                change: .byItsKeys,
                "Who may use it. May be empty on a loopback address."
            ),
        ]
    )

    static let gatewayUser = ConfigurationSection(
        PoolConfiguration.Gateway.User(),
        [
            ConfigurationKey(
                "name",
                \.name,
                name,
                required: true,
                example: "\"pool\"",
                change: .atStart,
                "The basic-auth user, who is also the account credited."
            ),
            ConfigurationKey("password", \.password, .secret, required: true, example: "\"change me\"", change: .atStart, "The user's password."),
        ]
    )

    static let limits = ConfigurationSection(
        PoolConfiguration.Limits(),
        [
            ConfigurationKey(
                "connectionsPerAddress",
                \.connectionsPerAddress,
                .optional(.integer(1...1_000_000)),
                change: .whileRunning,
                "How many connections one address may hold; null sets no limit, since whole farms sit behind one address."
            ),
            ConfigurationKey(
                "auxiliaryJobSeconds",
                \.auxiliaryJobSeconds,
                .number("a number from 0.1 to 600") { (0.1...600).contains($0) },
                change: .whileRunning,
                "The shortest time, in seconds, between two jobs that miners get for a change of an auxiliary chain alone."
            ),
            ConfigurationKey(
                "departureSeconds",
                \.departureSeconds,
                .number("a number from 1 to 3600") { (1...3_600).contains($0) },
                change: .atStart,
                "How long an upgrade takes to ask its TLS connections, one after the other, to connect again."
            ),
        ]
    )

    static let log = ConfigurationSection(
        PoolConfiguration.Logging(),
        [
            ConfigurationKey(
                "level",
                \.level,
                .choice(Log.Level.self),
                change: .whileRunning,
                "How much: all from this level up. poolctl log LEVEL sets another until the next start, or until this key changes."
            ),
            ConfigurationKey(
                "format",
                \.format,
                .choice(Log.Format.self),
                change: .whileRunning,
                "\"text\" is for people; \"json\" writes each line as an object with time, level, part and text."
            ),
        ]
    )

    static let admin = ConfigurationSection(
        PoolConfiguration.Admin(),
        [
            ConfigurationKey(
                "socket",
                \.socket,
                .path("a Unix socket"),
                change: .atStart,
                "Where poolctl finds the pool. Whoever may open the file may steer the pool."
            ),
            ConfigurationKey(
                "listen",
                \.listen,
                .optional(.listen),
                change: .atStart,
                "The address of the web page, the HTTP API and /metrics; null turns them off."
            ),
            ConfigurationKey(
                "tokenFile",
                \.tokenFile,
                .optional(.path("a file")),
                change: .whileRunning,
                "Holds the token, at least 16 characters on one line, that calls over HTTP must carry to change anything. Without it they change nothing."
            ),
            ConfigurationKey(
                "public",
                \.isPublic,
                .flag,
                change: .whileRunning,
                "Whether pages, metrics and the reading API are shown without the token."
            ),
        ],
        rules: adminRules
    )
}

// MARK: - Forms that several rows share

extension ConfigurationTable {
    /// Names that go into logs, labels and headers as they are.
    static var name: ValueForm<String> {
        .text("text of 1 to 64 letters, digits, dots, dashes or underscores") { text in
            (1...64).contains(text.utf8.count)
                && text.utf8.allSatisfy { byte in
                    let letter = byte | 0x20
                    return letter >= 0x61 && letter <= 0x7A || byte >= 0x30 && byte <= 0x39 || byte == 0x2D || byte == 0x5F || byte == 0x2E
                }
        }
    }

    static var positive: ValueForm<Double> { .number("a number above 0") { $0 > 0 } }

    /// BIP323 is the widest proposal: bits 5 to 28. The three highest bits say that version bits are in use (BIP9).
    static var versionMask: ValueForm<UInt32> {
        .parsed("8 hexadecimal digits in quotes within \"1fffffe0\", usually \"1fffe000\"") { text in
            guard text.utf8.count == 8, text.allSatisfy(\.isHexDigit), let mask = UInt32(text, radix: 16) else { return nil }
            return mask & ~0x1fff_ffe0 == 0 ? mask : nil
        } write: { mask in
            let digits = String(mask, radix: 16)
            return String(repeating: "0", count: 8 - digits.count) + digits
        }
    }

    static var store: ValueForm<PoolConfiguration.Accounting.Store> {
        let allowed = "\"sqlite:PATH\" or \"postgresql://USER@HOST/DATABASE\""
        var form = ValueForm<PoolConfiguration.Accounting.Store>(allowed: allowed, shape: .scalar, children: { [] }) { node, path, walk in
            if case .text(let text) = node.value {
                if text.hasPrefix("sqlite:"), text.utf8.count > 7, !text.utf8.contains(0) { return .sqlite(path: String(text.dropFirst(7))) }
                if text.hasPrefix("postgresql://") || text.hasPrefix("postgres://"), !text.utf8.contains(0) { return .postgresql(url: Secret(text)) }
            }
            walk.refuse(node, at: path, secret: true, "is not allowed; allowed is \(allowed)")
            return nil
        } write: { store in
            switch store {
            case .sqlite(let path): JSON5Text.quote("sqlite:" + path)
            case .postgresql: "\"postgresql://…\""
            }
        }
        form.identity = { store in
            switch store {
            case .sqlite(let path): path
            case .postgresql(let url): url.revealed
            }
        }
        return form
    }
}
