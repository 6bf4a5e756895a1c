public import Bitcoin
import Glibc
public import Hashing

/// An RSK-like node inside the process: rskj's `mnr_*` methods over real HTTP on a loopback port.
///
/// It judges submissions as rskj does, with the library's own verifier, and keeps its chain in a file where one is named.
public final class EmbeddedRSKNode: EmbeddedServer {
    public struct Settings: Sendable {
        /// An IPv4 address, and the port; 0 takes a free one.
        public var host = "127.0.0.1"
        public var port: UInt16 = 0
        /// What a solution's parent header must meet.
        public var target = Target(value: UInt256(high: .max >> 1, low: .max))
        /// The file that keeps the chain, made if it is missing; nil keeps it in memory.
        public var file: String?
        /// Of the made-up ancestors; a file that exists keeps its own.
        public var seed: UInt64 = 0x726f_6f74_7374_6f63
        /// Milliseconds of Unix time.
        public var clock: @Sendable () -> Int64 = {
            var now = timespec()
            clock_gettime(CLOCK_REALTIME, &now)
            return Int64(now.tv_sec) * 1_000 + Int64(now.tv_nsec) / 1_000_000
        }

        public init() {}
    }

    private let service: RSKService
    public let server: JSONRPCServer

    /// Reads the chain's file. Nothing listens before ``start()``.
    public init(_ settings: Settings = Settings()) throws(ChainFileError) {
        var seed = settings.seed
        var entries: [AuxiliaryEntry] = []
        var file: RecordFile<AuxiliaryEntry>?
        if let path = settings.file { (file, seed, entries) = try RecordFile<AuxiliaryEntry>.open(path, seed: seed) }
        let chain = EmbeddedRSKChain(target: settings.target, seed: seed, entries: entries)
        let service = RSKService(chain: chain, file: file, clock: settings.clock)
        self.service = service
        server = JSONRPCServer(host: settings.host, port: settings.port, dialect: .rskj) { method, parameters in
            try await service.call(method, parameters)
        }
    }

    public var counters: AuxiliaryCounters { get async { await service.chain.counters } }
    /// The best block.
    public var tip: AuxiliaryEntry { get async { await service.chain.tip } }

    /// Changes the target of works from now on.
    public func setTarget(_ target: Target) async { await service.setTarget(target) }

    /// Somebody else finds the next block.
    public func advance() async throws(RPCError) { try await service.advance() }
}
