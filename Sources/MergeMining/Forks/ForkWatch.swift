public import Bitcoin
import Hashing
import JSON

/// Feeds the monitor: the coinbases of new parent blocks, and of the RSK chain just the blocks that their tags speak of.
public actor ForkWatch {
    /// The first that answers is asked.
    private let parents: [NodeClient]
    /// An rskj node with the `eth` module; nil judges the tags by themselves.
    private let rsk: NodeClient?
    public private(set) var monitor: ForkMonitor
    /// Called with each alarm as it arises.
    private let onAlarm: @Sendable (ForkMonitor.Alarm) -> Void
    private var standing: Set<String> = []
    /// The parent height to be read next.
    private var next: Int64 = 0
    /// Why the last look failed; nil when it did not.
    public private(set) var lastError: String?

    /// At the start and after a pause this many parent blocks are read back.
    private static let mostBehind: Int64 = 12

    public init(
        parents: [NodeClient],
        rsk: NodeClient?,
        settings: ForkMonitor.Settings = ForkMonitor.Settings(),
        onAlarm: @escaping @Sendable (ForkMonitor.Alarm) -> Void
    ) {
        self.parents = parents
        self.rsk = rsk
        self.onAlarm = onAlarm
        monitor = ForkMonitor(settings: settings)
    }

    /// Looks for new parent blocks until the task is cancelled.
    public func run(every interval: Duration = .seconds(15)) async {
        while !Task.isCancelled {
            await look()
            try? await Task.sleep(for: interval)
        }
    }

    /// Reads what is new, once.
    public func look() async {
        do {
            let tip = try await ask("getblockcount", [])
            guard let height = tip.integer else { throw NodeError.malformed("no block count") }
            // Nodes do not give out the first block's coinbase.
            next = max(next, height - Self.mostBehind + 1, 1)
            while next <= height {
                try await read(next)
                next += 1
            }
            lastError = nil
        } catch let error as NodeError {
            lastError = error.text
        } catch {
            lastError = "\(error)"
        }
    }

    private func ask(_ method: String, _ parameters: JSONValue) async throws(NodeError) -> JSONValue {
        var failure = NodeError.malformed("no node is named")
        for parent in parents {
            do { return try await parent.call(method, parameters) } catch { failure = error }
        }
        throw failure
    }

    private func read(_ height: Int64) async throws(NodeError) {
        guard let hash = try await ask("getblockhash", [.integer(height)]).string else { throw .malformed("no block hash") }
        guard let first = try await ask("getblock", [.string(hash), 1])["tx"]?[0]?.string else { throw .malformed("no transactions") }
        // With the block's hash no transaction index is needed.
        let raw = try await ask("getrawtransaction", [.string(first), false, .string(hash)])
        guard let bytes = raw.string.flatMap({ Hex.decode($0) }), let coinbase = try? Transaction(parsing: bytes) else {
            throw .malformed("a coinbase that does not decode")
        }
        if let tag = ForkSighting(parentHeight: height, parentHash: hash, coinbase: coinbase) {
            await learn(of: tag)
            _ = monitor.observe(tag)
        } else {
            _ = monitor.observeUntagged(parentHeight: height)
        }
        let alarms = monitor.alarms
        for alarm in alarms where !standing.contains(alarm.key) { onAlarm(alarm) }
        standing = Set(alarms.map(\.key))
    }

    /// Fetches the tag's own height, those of earlier tags that wait for it, and the seven ancestors that its vector names. An rskj that
    /// does not answer leaves the tags to be judged by themselves.
    private func learn(of tag: ForkSighting) async {
        guard let rsk else { return }
        guard let tip = try? await rsk.call("eth_blockNumber").string.flatMap({ Int64($0.dropFirst(2), radix: 16) }) else { return }
        monitor.know(tip: tip)
        let wanted = Set(tag.checkpoints.keys).union([tag.height]).union(monitor.waitingFor)
        for height in wanted.sorted() where height >= 0 && height <= tip {
            let block = try? await rsk.call("eth_getBlockByNumber", [.string("0x" + String(height, radix: 16)), false])
            guard let hash = block?.hex("hashForMergedMining").flatMap({ RSKMiningHash(bytes: $0) }),
                let header = block?.hex("bitcoinMergedMiningHeader").flatMap({ try? BlockHeader(parsing: $0) })
            else { continue }
            monitor.know(ForkKnownBlock(height: height, hash: hash, header: header))
        }
    }
}
