public import Bitcoin
import Glibc
public import HTTP
public import Hashing
public import MergeMining

/// A node of the AuxPoW family inside the process: `createauxblock`, `submitauxblock` and what goes with them over real HTTP on a loopback port.
///
/// It judges submissions with the library's own verifier under the flavour's rules, and keeps its chain in a file where one is named.
public final class EmbeddedAuxPowNode: EmbeddedServer {
    /// Whose rules and answers; Elastos speaks a dialect of its own and is not among them.
    public enum Flavour: String, CaseIterable, Sendable {
        case namecoin
        /// Demands an output in the parent's coinbase too.
        case syscoin
        case fractal

        public var rules: AuxPowRules {
            switch self {
            case .namecoin: AuxPowFlavour.namecoin.rules
            case .syscoin: AuxPowFlavour.syscoin.rules
            case .fractal: AuxPowFlavour.fractal.rules
            }
        }
    }

    public struct Settings: Sendable {
        public var flavour: Flavour
        /// The chain's number; nil for the one its flavour is known by. Two nodes of one flavour can share a coinbase by it.
        public var chain: ChainID?
        /// An IPv4 address, and the port; 0 takes a free one.
        public var host = "127.0.0.1"
        public var port: UInt16 = 0
        /// What a solution's parent header must meet.
        public var bits = CompactBits(rawValue: 0x207f_ffff)
        /// The file that keeps the chain, made if it is missing; nil keeps it in memory.
        public var file: String?
        /// Of the made-up first block; a file that exists keeps its own.
        public var seed: UInt64 = 0x6e61_6d65_636f_696e
        /// Unix seconds.
        public var clock: @Sendable () -> UInt32 = { UInt32(clamping: time(nil)) }

        public init(_ flavour: Flavour) {
            self.flavour = flavour
        }
    }

    public let flavour: Flavour
    public let chainID: ChainID
    /// What the node asks of its clients: a name, and a password that is new each time.
    public let credentials: HTTPCredentials
    private let service: AuxPowService
    public let server: JSONRPCServer

    /// Reads the chain's file. Nothing listens before ``start()``.
    public init(_ settings: Settings) throws(ChainFileError) {
        var seed = settings.seed
        var entries: [AuxiliaryEntry] = []
        var file: RecordFile<AuxiliaryEntry>?
        if let path = settings.file { (file, seed, entries) = try RecordFile<AuxiliaryEntry>.open(path, seed: seed) }
        var rules = settings.flavour.rules
        rules.chain = settings.chain ?? rules.chain
        let chain = EmbeddedAuxPowChain(flavour: settings.flavour, rules: rules, bits: settings.bits, seed: seed, entries: entries)
        let service = AuxPowService(chain: chain, file: file, clock: settings.clock)
        let credentials = HTTPCredentials(user: "embedded", password: randomPassword())
        flavour = settings.flavour
        chainID = rules.chain
        self.credentials = credentials
        self.service = service
        server = JSONRPCServer(host: settings.host, port: settings.port, dialect: .bitcoind, credentials: credentials) { method, parameters in
            try await service.call(method, parameters)
        }
    }

    public var counters: AuxiliaryCounters { get async { await service.chain.counters } }
    /// The best block.
    public var tip: AuxiliaryEntry { get async { await service.chain.tip } }

    /// Changes the bits of templates from now on.
    public func setBits(_ bits: CompactBits) async { await service.setBits(bits) }

    /// Somebody else finds the next block.
    public func advance() async throws(RPCError) { try await service.advance() }
}
