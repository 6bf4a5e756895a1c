public import Bitcoin

/// What an operator decides about a pool: the configuration file, checked and typed.
///
/// The initial value of each property is the default of its key; ``ConfigurationTable`` reads it from here, so there is no second list.
public struct PoolConfiguration: Sendable {
    public var chain = Chain.regtest
    /// An absolute folder. Relative paths in the file were resolved against it.
    public var data = "/var/lib/motherlode"
    /// The first byte of every extranonce1: pools that share a ledger differ in it.
    public var instance: UInt8 = 0
    public var coinbase = Coinbase()
    /// In the order of preference. Empty only where ``stratum`` is.
    public var nodes: [Node] = []
    public var stratum = [StratumListener()]
    public var auxiliaries: [Auxiliary] = []
    public var gateway: Gateway?
    public var accounting = Accounting()
    public var payouts = Payouts()
    public var limits = Limits()
    public var log = Logging()
    public var admin = Admin()

    public init() {}
}

extension PoolConfiguration {
    /// The parent chain's coinbase.
    public struct Coinbase: Sendable {
        /// As it stands in the file.
        public var address: String?
        /// The address read for the configured chain; nil only where there are no miners to pay.
        public var payout: Address?
        /// Printable ASCII that the pool leaves in every block. It gives way when the scriptSig grows too long.
        public var tag = "/motherlode/"

        public init() {}
    }

    /// A node of the parent chain.
    public struct Node: Sendable {
        public var url = ""
        public var user: String?
        public var password: Secret?
        public var cookieFile: String?
        /// Where the node publishes `hashblock`; nil where long polling alone has to do.
        public var zmqHashBlock: String?

        public init() {}
    }

    /// An address that miners connect to.
    public struct StratumListener: Sendable {
        public var listen = ListenAddress(host: "0.0.0.0", port: 3333)
        /// The version bits that miners may roll (BIP320).
        public var versionMask: UInt32 = 0x1fff_e000
        public var difficulty = Difficulty()
        public var tls: TLS?
        public var proxyProtocol: ProxyProtocol?

        public init() {}
    }

    /// The share difficulty of a listener's connections.
    public struct Difficulty: Sendable, Equatable {
        public var start = 1024.0
        public var min = 0.001
        public var max: Double?
        /// What variable difficulty aims at, for each connection.
        public var sharesPerMinute = 12.0

        public init() {}
    }

    /// A certificate and its key, PEM files.
    public struct TLS: Sendable {
        public var certificate = ""
        public var key = ""

        public init() {}
    }

    /// Who may say on whose behalf a connection is made.
    public struct ProxyProtocol: Sendable {
        /// Networks such as `127.0.0.1/32`.
        public var trusted: [String] = []

        public init() {}
    }

    /// A chain that is mined along with the parent chain.
    public struct Auxiliary: Sendable {
        public enum Kind: String, CaseIterable, Sendable {
            case rsk
            case auxpow
        }

        public enum Flavour: String, CaseIterable, Sendable {
            case namecoin
            case syscoin
            case elastos
            case fractal
        }

        public var kind = Kind.rsk
        public var name = ""
        public var url = ""
        /// Further nodes of the chain.
        public var furtherURLs: [String] = []
        public var user: String?
        public var password: Secret?
        /// `auxpow` only.
        public var flavour: Flavour?
        /// `auxpow` only.
        public var chainID: UInt32?
        /// Where the chain's rewards go; `auxpow` only, an rskj node knows its own.
        public var address: String?
        /// Blocks on top until a reward counts as payable.
        public var confirmations: Int?
        /// How often each of its nodes is asked for work.
        public var pollSeconds = 2.0
        /// How its rewards are divided, where that differs from ``PoolConfiguration/accounting``.
        public var accounting: OwnTerms?

        public init() {}
    }

    /// What one chain does otherwise than the rest; nil where it does not.
    public struct OwnTerms: Sendable {
        public var scheme: Accounting.Scheme?
        public var window: Double?
        public var fee: Double?

        public init() {}
    }

    /// Merged mining for other pools.
    public struct Gateway: Sendable {
        public var listen = ListenAddress(host: "127.0.0.1", port: 8999)
        public var users: [User] = []

        public struct User: Sendable {
            public var name = ""
            public var password = Secret("")

            public init() {}
        }

        public init() {}
    }

    /// The ledger.
    public struct Accounting: Sendable {
        public enum Store: Sendable, Equatable {
            /// An absolute path.
            case sqlite(path: String)
            /// A libpq connection URL, which may hold a password.
            case postgresql(url: Secret)
        }

        public enum Durability: String, CaseIterable, Sendable {
            /// A share is acknowledged once it is synced to disk.
            case full
            /// A share is acknowledged once it is written; a power cut may lose the last of them.
            case relaxed
        }

        public enum Scheme: String, CaseIterable, Sendable {
            case pplns
            case prop
            case solo
            case pps
            case fpps
        }

        public var store = Store.sqlite(path: "pool.db")
        public var durability = Durability.full
        /// How long a share may wait for others before its group is committed.
        public var groupMilliseconds = 20
        public var scheme = Scheme.pplns
        /// The PPLNS window, in multiples of the network difficulty.
        public var window = 2.0
        /// The pool's part of a reward, 0 to below 1.
        public var fee = 0.01
        public var pps = PPS()

        /// What PPS and FPPS need to know.
        public struct PPS: Sendable {
            /// By chain, the least that the pool's own money may be after a credit, in the chain's smallest unit; 0 where none is named.
            public var floor: [String: Int] = [:]
            /// How often shares are credited.
            public var minutes = 60
            /// How many of the last blocks the published average of fees is made of.
            public var feeBlocks = 144

            public init() {}
        }

        public init() {}
    }

    /// Payments to accounts.
    public struct Payouts: Sendable {
        /// By chain, in the chain's smallest unit.
        public var minimum: [String: Int] = [:]
        /// In satoshi per virtual byte; nil leaves it to the node.
        public var feeRate: Double?
        public var feeFrom = PayoutSettings.FeeBearer.pool
        /// Names of nodes' wallets, by chain.
        public var wallets: [String: String] = [:]
        public var confirmations = 6

        public init() {}
    }

    /// What anybody may ask of the pool.
    public struct Limits: Sendable {
        public var connectionsPerAddress: Int?
        /// Between two jobs that are made for auxiliary chains alone.
        public var auxiliaryJobSeconds = 3.0
        /// Over which TLS connections that came through an upgrade are asked to connect again.
        public var departureSeconds = 60.0

        public init() {}
    }

    /// What is logged, and how.
    public struct Logging: Sendable, Equatable {
        public var level = Log.Level.info
        public var format = Log.Format.text

        public init() {}
    }

    /// How the pool is watched and steered.
    public struct Admin: Sendable {
        /// An absolute path.
        public var socket = "poold.sock"
        public var listen: ListenAddress? = ListenAddress(host: "127.0.0.1", port: 8080)
        /// Holds the token that state-changing calls over TCP must carry; without it there are none.
        public var tokenFile: String?
        /// Whether pages, metrics and the reading API may be seen without the token.
        public var isPublic = true

        public init() {}
    }
}
