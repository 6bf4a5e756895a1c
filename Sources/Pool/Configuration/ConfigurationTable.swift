import Bitcoin
import Stratum

/// The key table: every key of the configuration, once.
///
/// From it come the reading and its messages, the defaults (through the initial values of ``PoolConfiguration``), the example that `poold config`
/// prints, and `docs/configure.md`. A key whose capability arrives is switched on by taking its `availability` away.
enum ConfigurationTable {
    static let root = ConfigurationSection(
        PoolConfiguration(),
        [
            ConfigurationKey(
                "chain",
                \.chain,
                .choice(Chain.self),
                required: true,
                example: "\"regtest\"",
                change: .atStart,
                "The Bitcoin network that is mined. Of signets only those with the challenge 51 (OP_TRUE): blocks of others must be signed."
            ),
            ConfigurationKey(
                "data",
                \.data,
                .path("a folder"),
                change: .atStart,
                "The folder of the block journal and the ledger. Relative paths in this file start here."
            ),
            ConfigurationKey(
                "instance",
                \.instance,
                .integer(0...255),
                change: .atStart,
                "The first byte of every extranonce1. Pools that share one ledger each need their own, so that no two hand out the same work."
            ),
            ConfigurationKey("coinbase", \.coinbase, .object(coinbase), change: .byItsKeys, "What the pool writes into the blocks it finds."),
            ConfigurationKey(
                "nodes",
                \.nodes,
                .list(node, limit: 16, by: \.url),
                change: .byItsKeys,
                "Bitcoin Core nodes, version 28 or later, the preferred one first. Work comes from the first that is healthy; a found block goes to all. May be empty only where stratum is."
            ),
            ConfigurationKey(
                "stratum",
                \.stratum,
                .list(stratum, limit: 16, by: \.listen.description),
                change: .byItsKeys,
                "The addresses that miners connect to. Where the key is missing there is one, with the defaults below; [] means none."
            ),
            ConfigurationKey(
                "auxiliaries",
                \.auxiliaries,
                .list(auxiliary, limit: 32, by: \.name),
                // Shown commented out: a pool without auxiliary chains is the usual beginning.
                example: "[]",
                change: .byItsKeys,
                "Chains that are mined along with Bitcoin: Rootstock and chains of the AuxPoW family."
            ),
            ConfigurationKey(
                "gateway",
                \.gateway,
                .optional(.object(gateway)),
                change: .byItsKeys,
                "Merged mining for other pools' software, which speaks to this address as it would to the chains' own nodes."
            ),
            ConfigurationKey(
                "accounting",
                \.accounting,
                .object(accounting),
                change: .byItsKeys,
                "The ledger of shares, and how rewards are divided."
            ),
            ConfigurationKey("payouts", \.payouts, .object(payouts), change: .byItsKeys, "When and at what price accounts are paid."),
            ConfigurationKey("limits", \.limits, .object(limits), change: .byItsKeys, "What anybody may ask of the pool."),
            ConfigurationKey("log", \.log, .object(log), change: .byItsKeys, "What the pool writes to standard error."),
            ConfigurationKey("admin", \.admin, .object(admin), change: .byItsKeys, "How the pool is watched and steered."),
        ],
        rules: rootRules
    )

    static let coinbase = ConfigurationSection(
        PoolConfiguration.Coinbase(),
        [
            ConfigurationKey(
                "address",
                \.address,
                .optional(.text("a Bitcoin address of the configured chain, in quotes") { !$0.isEmpty && $0.utf8.count <= 128 }),
                example: "\"bcrt1qqypqxpq9qcrsszg2pvxq6rs0zqg3yyc5phstwt\"",
                change: .atStart,
                "Where the rewards of found blocks go: P2PKH, P2SH, P2WPKH, P2WSH or P2TR. Needed wherever stratum is not empty."
            ),
            ConfigurationKey(
                "tag",
                \.tag,
                .text("printable ASCII text of at most 60 characters without RSKBLOCK:") {
                    $0.utf8.count <= 60 && $0.utf8.allSatisfy { $0 >= 0x20 && $0 < 0x7F } && !$0.contains("RSKBLOCK:")
                },
                change: .whileRunning,
                "The pool's mark in the coinbase. It is cut short where commitments need the room."
            ),
        ]
    )

    static let node = ConfigurationSection(
        PoolConfiguration.Node(),
        [
            ConfigurationKey(
                "url",
                \.url,
                .url(schemes: ["http", "https"], example: "http://127.0.0.1:18443"),
                required: true,
                example: "\"http://127.0.0.1:18443\"",
                change: .atStart,
                "The node's JSON-RPC address."
            ),
            ConfigurationKey(
                "user",
                \.user,
                .optional(name),
                example: "\"pool\"",
                change: .atStart,
                "The user of rpcauth or rpcuser. Goes with password; give either both or cookieFile."
            ),
            ConfigurationKey("password", \.password, .optional(.secret), example: "\"change me\"", change: .atStart, "The user's password."),
            ConfigurationKey(
                "cookieFile",
                \.cookieFile,
                .optional(.path("the node's .cookie file")),
                change: .atStart,
                "Instead of user and password: the file that bitcoind writes at each start. It is read again when the node refuses the old one."
            ),
            ConfigurationKey(
                "zmqHashBlock",
                \.zmqHashBlock,
                .optional(.url(schemes: ["tcp", "ipc"], example: "tcp://127.0.0.1:28332")),
                change: .atStart,
                "What zmqpubhashblock names in bitcoin.conf. New blocks are then seen at once; without it long polling brings them."
            ),
        ],
        rules: nodeRules
    )

    static let stratum = ConfigurationSection(
        PoolConfiguration.StratumListener(),
        [
            ConfigurationKey("listen", \.listen, .listen, change: .atStart, "The address and port that miners connect to."),
            ConfigurationKey(
                "versionMask",
                \.versionMask,
                versionMask,
                change: .atStart,
                "The header version bits that miners may roll (BIP320). \"00000000\" turns rolling off."
            ),
            ConfigurationKey(
                "difficulty",
                \.difficulty,
                .object(difficulty),
                change: .byItsKeys,
                "Share difficulty, which follows each connection's speed."
            ),
            ConfigurationKey(
                "tls",
                \.tls,
                .optional(.object(tls)),
                change: .byItsKeys,
                "Encryption (TLS 1.2 or later) on the same port: a connection that begins with a TLS handshake gets it. Renewed files are taken up within a minute."
            ),
            ConfigurationKey(
                "proxyProtocol",
                \.proxyProtocol,
                .optional(.object(proxyProtocol)),
                change: .byItsKeys,
                "Takes the miner's address from a PROXY header (version 1 or 2) in front of the connection."
            ),
        ]
    )

    static let difficulty = ConfigurationSection(
        PoolConfiguration.Difficulty(),
        [
            ConfigurationKey("start", \.start, positive, change: .whileRunning, "A new connection's difficulty."),
            ConfigurationKey("min", \.min, positive, change: .whileRunning, "No connection gets an easier one."),
            ConfigurationKey(
                "max",
                \.max,
                .optional(positive),
                change: .whileRunning,
                "No connection gets a harder one. The network's difficulty is a limit in any case."
            ),
            ConfigurationKey(
                "sharesPerMinute",
                \.sharesPerMinute,
                .number("a number from 0.1 to 6000") { (0.1...6000).contains($0) },
                change: .whileRunning,
                "How many shares each connection should send; its difficulty is moved towards that."
            ),
        ],
        rules: difficultyRules
    )

    static let tls = ConfigurationSection(
        PoolConfiguration.TLS(),
        [
            ConfigurationKey(
                "certificate",
                \.certificate,
                .path("a PEM file"),
                required: true,
                example: "\"cert.pem\"",
                change: .atStart,
                "The certificate and its chain."
            ),
            ConfigurationKey(
                "key",
                \.key,
                .path("a PEM file"),
                required: true,
                example: "\"key.pem\"",
                change: .atStart,
                "The certificate's private key."
            ),
        ]
    )

    static let proxyProtocol = ConfigurationSection(
        PoolConfiguration.ProxyProtocol(),
        [
            ConfigurationKey(
                "trusted",
                \.trusted,
                .values(.text("a network such as \"127.0.0.1/32\"") { AddressRange($0) != nil }, limit: 64),
                required: true,
                example: "[\"127.0.0.1/32\"]",
                change: .atStart,
                "The networks whose headers are believed."
            )
        ]
    )
}
