import Glibc
public import HTTP
public import Hashing

/// An RSK-like node inside the process: rskj's `mnr_*` methods over real HTTP on a loopback port.
///
/// It judges submissions as rskj does, with the library's own verifier, and keeps its chain in a file where one is named.
public final class EmbeddedRSKNode: Sendable {
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

    private let host: String
    private let service: RSKService
    private let server: JSONRPCServer

    /// Reads the chain's file. Nothing listens before ``start()``.
    public init(_ settings: Settings = Settings()) throws(ChainFileError) {
        var seed = settings.seed
        var entries: [AuxiliaryEntry] = []
        var file: RecordFile<AuxiliaryEntry>?
        if let path = settings.file { (file, seed, entries) = try RecordFile<AuxiliaryEntry>.open(path, seed: seed) }
        let chain = EmbeddedRSKChain(target: settings.target, seed: seed, entries: entries)
        let service = RSKService(chain: chain, file: file, clock: settings.clock)
        host = settings.host
        self.service = service
        server = JSONRPCServer(host: settings.host, port: settings.port, dialect: .rskj) { method, parameters in
            try await service.call(method, parameters)
        }
    }

    /// Where it answers, known once it has been started.
    public var url: String { "http://\(host):\(server.port)" }
    public var port: UInt16 { server.port }

    /// Listens; after ``stop()`` on the same port again.
    public func start() async throws(HTTPServerError) { try await server.start() }
    public func stop() async { await server.stop() }

    public var counters: AuxiliaryCounters { get async { await service.chain.counters } }
    /// The best block.
    public var tip: AuxiliaryEntry { get async { await service.chain.tip } }
    /// How many calls of a method came, spoiled ones included.
    public func calls(of method: String) -> Int { server.calls(of: method) }

    /// Changes the target of works from now on.
    public func setTarget(_ target: Target) async { await service.setTarget(target) }

    /// Begins a fault, or ends the one there is (nil).
    public func setFault(_ fault: NodeFault?, on methods: Set<String>? = nil) async throws(HTTPServerError) {
        try await server.setFault(fault, on: methods)
    }

    /// Somebody else finds the next block.
    public func advance() async throws(RPCError) { try await service.advance() }
}
