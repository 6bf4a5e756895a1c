import Embedded
import Glibc
import HTTP
import Hashing
import MergeMining

/// A parent node and auxiliary nodes inside this process, and the configuration of a pool that mines on them.
///
/// They answer over HTTP like real ones, so that the pool under test is `poold run` as an operator starts it.
final class BenchChains: Sendable {
    private let parent: EmbeddedNode
    private let rsk: EmbeddedRSKNode?
    private let family: [EmbeddedAuxPowNode]
    /// The pool's data, and the configuration in it.
    let folder: String

    /// - Parameters:
    ///   - auxiliaries: how many, RSK first.
    ///   - bits: of all chains; no share of a benchmark solves those of the default.
    init(auxiliaries: Int, bits: CompactBits = CompactBits(rawValue: 0x1d00_ffff)) async throws {
        var settings = EmbeddedNode.Settings()
        settings.bits = bits
        parent = try EmbeddedNode(settings)
        try await parent.start()
        var rskSettings = EmbeddedRSKNode.Settings()
        rskSettings.target = Target(bits: bits) ?? rskSettings.target
        rsk = auxiliaries > 0 ? try EmbeddedRSKNode(rskSettings) : nil
        try await rsk?.start()
        var nodes: [EmbeddedAuxPowNode] = []
        for (_, flavour, chain) in SampleAuxiliaries.family.prefix(max(0, auxiliaries - 1)) {
            // Elastos' dialect has no embedded node; another of Namecoin's stands in for it.
            var settings = EmbeddedAuxPowNode.Settings(EmbeddedAuxPowNode.Flavour(rawValue: flavour.rawValue) ?? .namecoin)
            settings.chain = chain
            settings.bits = bits
            let node = try EmbeddedAuxPowNode(settings)
            try await node.start()
            nodes.append(node)
        }
        family = nodes
        folder = try Self.makeFolder()
        try Self.write(configuration, to: folder + "/pool.json5")
    }

    /// What `poold` is started with.
    var arguments: [String] { ["run", "--config", folder + "/pool.json5"] }

    /// From here on no auxiliary node answers any more.
    func hang() async throws {
        try await rsk?.setFault(.hang)
        for node in family { try await node.setFault(.hang) }
    }

    func stop() async {
        await parent.stop()
        await rsk?.stop()
        for node in family { await node.stop() }
    }

    /// The auxiliary chains as the configuration holds them.
    var entries: [String] {
        var auxiliaries: [String] = []
        if let rsk { auxiliaries.append(#"{ kind: "rsk", name: "rootstock", url: "\#(rsk.url)" }"#) }
        for (node, row) in zip(family, SampleAuxiliaries.family) {
            auxiliaries.append(
                #"{ kind: "auxpow", name: "\#(row.name)", flavour: "\#(node.flavour.rawValue)", chainId: \#(node.chainID.value), "#
                    + #"url: "\#(node.url)", user: "\#(node.credentials.user)", password: "\#(node.credentials.password)", address: "bench" }"#
            )
        }
        return auxiliaries
    }

    /// Every hash is a share.
    private var configuration: String {
        """
        {
          chain: "regtest", data: "\(folder)", coinbase: { address: "bcrt1qw508d6qejxtdg4y5r3zarvary0c5xw7kygt080" },
          nodes: [ { url: "\(parent.url)", user: "\(parent.credentials.user)", password: "\(parent.credentials.password)" } ],
          stratum: [ { listen: "127.0.0.1:0", difficulty: { start: 1e-10, min: 1e-10, max: 1e-10 } } ],
          auxiliaries: [ \(entries.joined(separator: ",\n    ")) ],
          admin: { socket: "poold.sock", listen: "127.0.0.1:0" },
        }
        """
    }

    private static func makeFolder() throws(LoadFailure) -> String {
        var template = Array("/tmp/motherlode-bench-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw LoadFailure(description: "no folder can be made in /tmp") }
        return String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    private static func write(_ text: String, to path: String) throws(LoadFailure) {
        guard let file = fopen(path, "w") else { throw LoadFailure(description: "\(path) cannot be written") }
        defer { fclose(file) }
        fputs(text, file)
    }
}

/// Waits on this thread for what tasks do. Not for a thread of the tasks' own.
func blocking<Value: Sendable>(_ work: @escaping @Sendable () async throws -> Value) throws -> Value {
    let box = BlockingResult<Value>()
    Task.detached { box.finish(await Result(catching: work)) }
    return try box.wait()
}

/// One result from a task to a thread.
private final class BlockingResult<Value: Sendable>: @unchecked Sendable {
    // Written once before the semaphore is raised, read once after it was.
    private var result: Result<Value, any Error>?
    private let semaphore = UnsafeMutablePointer<sem_t>.allocate(capacity: 1)

    init() { sem_init(semaphore, 0, 0) }

    deinit {
        sem_destroy(semaphore)
        semaphore.deallocate()
    }

    func finish(_ result: Result<Value, any Error>) {
        self.result = result
        sem_post(semaphore)
    }

    func wait() throws -> Value {
        while sem_wait(semaphore) != 0 {}
        guard let result else { throw LoadFailure(description: "a task ended without a result") }
        return try result.get()
    }
}

extension Result where Failure == any Error {
    fileprivate init(catching work: () async throws -> Success) async {
        do { self = .success(try await work()) } catch { self = .failure(error) }
    }
}
