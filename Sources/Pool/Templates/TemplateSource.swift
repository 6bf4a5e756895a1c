import Bitcoin
import HTTP
import Hashing

/// What the parent chain's nodes say, for the job maker.
enum TemplateEvent: Sendable {
    /// A new tip is known but its full template is not there yet: an empty block on it is valid work already.
    case tip(BlockTemplate)
    /// A full template. `isNewest` is false for one that only refreshes the transactions.
    case template(BlockTemplate)
    /// No node gives work any more.
    case lost
}

/// Follows every configured node and tells the job maker what to mine on.
///
/// Each node has a long poll of its own, so failing over needs no new request, and whoever sees a tip first is heard first.
actor TemplateSource {
    /// One node as `poolctl status` shows it.
    struct NodeFigures: Sendable {
        let name: String
        let state: String
        let detail: String?
        let height: Int64?
        let active: Bool
    }

    nonisolated let events: AsyncStream<TemplateEvent>
    private let feed: AsyncStream<TemplateEvent>.Continuation
    private let chain: Chain
    private let nodes: [ParentNode]
    private var board: NodeBoard<BlockTemplate>
    private var tasks: [Task<Void, Never>] = []
    private let log = Log("node")

    init(nodes: [ParentNode], chain: Chain) {
        self.nodes = nodes
        self.chain = chain
        board = NodeBoard(names: nodes.map(\.name))
        (events, feed) = AsyncStream.makeStream()
    }

    func start() {
        for index in nodes.indices {
            tasks.append(Task { await self.follow(index) })
            tasks.append(Task { await self.refresh(index) })
            if nodes[index].notices != nil { tasks.append(Task { await self.listen(index) }) }
        }
    }

    func stop() {
        for task in tasks { task.cancel() }
        tasks = []
        feed.finish()
    }

    func figures() -> [NodeFigures] {
        board.entries.indices.map { index in
            let entry = board.entries[index]
            let detail: String? =
                switch entry.state {
                case .connecting, .ready: nil
                case .waiting(let text), .failed(let text): text
                }
            return NodeFigures(
                name: entry.name,
                state: entry.state.label,
                detail: detail,
                height: entry.height.map { $0 - 1 },
                active: board.active == index
            )
        }
    }
}

extension TemplateSource {
    /// Keeps one node's templates coming, for ever: first one at once, then by long poll.
    private func follow(_ index: Int) async {
        let node = nodes[index]
        var pause = Backoff()
        while !Task.isCancelled {
            do throws(NodeError) {
                try await admit(node)
                var longPollID: String?
                while !Task.isCancelled {
                    var template = try await node.template(chain: chain, longPollID: longPollID)
                    // Nothing has changed, or the node hangs: then it does not answer a plain question either.
                    if template == nil { template = try await node.template(chain: chain, longPollID: nil) }
                    guard let template else { continue }
                    pause.reset()
                    longPollID = template.longPollID
                    received(template, from: index)
                }
            } catch {
                if Task.isCancelled { return }
                stopped(error, at: index)
                await pause.wait()
            }
        }
    }

    /// A node of another chain, or one still downloading, gives no work.
    private func admit(_ node: ParentNode) async throws(NodeError) {
        let info = try await node.client.getBlockchainInfo()
        guard info.chain == chain else { throw .malformed("it is a node of \(info.chainName), the pool's chain is \(chain.rawValue)") }
        // Test chains may stand still for longer than the day after which a node calls itself "downloading".
        if chain == .main && info.initialBlockDownload { throw .initialDownload("block \(info.blocks) of \(info.headers)") }
    }

    /// Transactions arrive all the time, but a long poll answers for them once a minute at most: ask in between.
    private func refresh(_ index: Int) async {
        while !Task.isCancelled {
            try? await Task.sleep(for: .seconds(20))
            guard board.active == index, let template = try? await nodes[index].template(chain: chain, longPollID: nil) else { continue }
            received(template, from: index)
        }
    }

    private func received(_ template: BlockTemplate, from index: Int) {
        if board.entries[index].state != .ready { log.info("\(nodes[index].name) gives work at height \(template.height)") }
        nodes[index].heardOf(template.previousHash)
        act(on: board.received(template, height: Int64(template.height), from: index))
    }

    private func stopped(_ error: NodeError, at index: Int) {
        let state: NodeBoard<BlockTemplate>.State = error.isPassing ? .waiting(error.text) : .failed(error.text)
        if board.entries[index].state != state { log.warning("\(nodes[index].name): \(error.text)") }
        act(on: board.stopped(state, at: index))
    }

    private func act(on step: NodeBoard<BlockTemplate>.Step) {
        switch step {
        case .mine(let template): feed.yield(.template(template))
        case .keep: break
        case .lost:
            log.error("no node gives work: miners keep their last job while it can still win")
            feed.yield(.lost)
        }
    }
}

extension TemplateSource {
    /// Hears of new tips over ZMQ: the header is there long before the template is.
    private func listen(_ index: Int) async {
        let node = nodes[index]
        guard let notices = node.notices else { return }
        for await notice in notices.notices {
            node.noticed(notice.hash)
            await announce(notice.hash, at: index)
        }
    }

    private func announce(_ hash: Hash256, at index: Int) async {
        guard let last = board.active.flatMap({ board.entries[$0].template }), last.previousHash != hash,
            let tip = try? await nodes[index].client.getBlockHeader(hash),
            tip.height == last.height,
            let empty = BlockTemplate.empty(
                on: tip.header,
                height: tip.height + 1,
                chain: chain,
                version: last.version,
                medianTimePast: tip.medianTime,
                now: UInt32(clamping: UnixTime.now().seconds)
            )
        else { return }
        // While the header was asked for the full template may have come, by long poll, or that of a tip after it.
        guard let now = board.active.flatMap({ board.entries[$0].template }), now.previousHash != hash, now.height == tip.height else { return }
        feed.yield(.tip(empty))
    }
}

extension NodeError {
    /// True for a node that works but has no work to give yet.
    fileprivate var isPassing: Bool {
        switch self {
        case .warmingUp, .initialDownload, .notConnected, .busy: true
        default: false
        }
    }
}
