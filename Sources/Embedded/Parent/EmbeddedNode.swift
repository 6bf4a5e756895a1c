public import Bitcoin
import Glibc
public import HTTP
public import Hashing

/// A parent node inside the process: bitcoind's methods over real HTTP on a loopback port, above an ``EmbeddedChain``.
///
/// The pool talks to it as to any bitcoind, so `poold dev` runs the same code as `poold run`, and tests have a node that fails on request.
public final class EmbeddedNode: EmbeddedServer {
    public struct Settings: Sendable {
        /// An IPv4 address, and the port; 0 takes a free one.
        public var host = "127.0.0.1"
        public var port: UInt16 = 0
        /// What new blocks must carry. May differ from run to run.
        public var bits = CompactBits(rawValue: 0x207f_ffff)
        /// How many made-up transactions wait after each block.
        public var transactions = 40
        /// The file that keeps the chain, made if it is missing; nil keeps it in memory.
        public var file: String?
        /// Of the made-up transactions; a file that exists keeps its own.
        public var seed: UInt64 = 0x6d6f_7468_6572_6c6f
        /// How long a long poll waits before new transactions alone end it; bitcoind's minute.
        public var longPollPatience: Duration = .seconds(60)
        /// Unix seconds.
        public var clock: @Sendable () -> UInt32 = { UInt32(clamping: time(nil)) }

        public init() {}
    }

    /// What the node asks of its clients: a name, and a password that is new each time.
    public let credentials: HTTPCredentials
    private let service: ParentService
    public let server: JSONRPCServer

    /// Reads the chain's file. Nothing listens before ``start()``.
    public init(_ settings: Settings = Settings()) throws(ChainFileError) {
        var seed = settings.seed
        var blocks: [StoredBlock] = []
        var file: RecordFile<StoredBlock>?
        if let path = settings.file { (file, seed, blocks) = try RecordFile<StoredBlock>.open(path, seed: seed) }
        var chain = EmbeddedChain(bits: settings.bits, supply: TransactionSupply(seed: seed), depth: settings.transactions)
        chain.restore(blocks)
        let service = ParentService(chain: chain, file: file, clock: settings.clock, longPollPatience: settings.longPollPatience)
        let credentials = HTTPCredentials(user: "embedded", password: randomPassword())
        self.credentials = credentials
        self.service = service
        server = JSONRPCServer(host: settings.host, port: settings.port, dialect: .bitcoind, credentials: credentials) { method, parameters in
            try await service.call(method, parameters)
        }
    }

    // MARK: Watching

    /// The chain as it is now.
    public var chain: EmbeddedChain { get async { await service.chain } }

    /// Every new tip from now on.
    public func tips() async -> AsyncStream<ChainEntry> { await service.tips() }

    // MARK: Making things happen

    /// Declares the tip invalid: the block below it, or a side branch, becomes the tip.
    public func invalidateTip() async { await service.change { $0.invalidate($0.tip.hash) } }

    /// Puts more made-up transactions into the next template.
    public func addTransactions(_ count: Int) async { await service.change { $0.addTransactions(count) } }

    /// Changes how many made-up transactions wait after each block.
    public func setTransactions(_ count: Int) async { await service.change { $0.setDepth(count) } }

    /// Somebody else finds the next blocks.
    ///
    /// For easy bits only: it hashes on the calling task. False when a block was not found within 2^24 hashes.
    @discardableResult
    public func generate(_ count: Int = 1) async throws(RPCError) -> Bool {
        for _ in 0..<count {
            guard let block = await service.template().solved() else { return false }
            guard case .tip = try await service.submit(block) else { return false }
        }
        return true
    }
}

extension TemplateOffer {
    /// An honest block with all transactions, paid to nobody in particular.
    fileprivate func solved() -> Block? {
        guard let offered = try? transactions.map({ try Transaction(parsing: $0.bytes) }) else { return nil }
        var script = Script.height(height)
        script.pushBytes((0..<8).map { _ in UInt8.random(in: 0...255) })
        var input = TransactionInput(previousOutput: .null, scriptSig: script)
        input.witness = [[UInt8](repeating: 0, count: 32)]
        let outputs = [
            TransactionOutput(value: coinbaseValue, script: .payToWitness(version: 0, program: [UInt8](repeating: 0, count: 20))),
            TransactionOutput(value: 0, script: witnessCommitment),
        ]
        let all = [Transaction(inputs: [input], outputs: outputs)] + offered
        let root = MerkleBranch.root(of: all.map(\.txid)) ?? .zero
        var header = BlockHeader(version: 0x2000_0000, previousHash: previousHash, merkleRoot: root, time: time, bits: bits, nonce: 0)
        while !target.isMet(by: header.hash) {
            header.nonce += 1
            if header.nonce == 1 << 24 { return nil }
        }
        return Block(header: header, transactions: all)
    }
}
