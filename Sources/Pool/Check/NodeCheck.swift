import Bitcoin
import HTTP
import JSON
import MergeMining

/// The checks of one node of the parent chain, each as far as the ones before allow.
struct NodeCheck: Sendable {
    /// Version 28: the oldest that this pool is made for.
    static let oldestVersion: Int64 = 280_000

    private let node: PoolConfiguration.Node
    private let key: String
    private let configuration: PoolConfiguration
    /// What the coinbase has to commit to besides.
    private let works: AuxiliaryWorks
    private let client: NodeClient

    init(_ node: PoolConfiguration.Node, key: String, _ configuration: PoolConfiguration, _ works: AuxiliaryWorks) {
        self.node = node
        self.key = key
        self.configuration = configuration
        self.works = works
        client = NodeClient(NodeEndpoint(node), http: HTTPClient())
    }

    /// Reports each finding as it comes.
    func run(_ report: (CheckLine) -> Void) async {
        let info: BlockchainInfo
        do {
            info = try await client.getBlockchainInfo()
            report(.ok(key, "\(node.url) answers"))
        } catch {
            report(.failed(key, "\(node.url) \(error.text)", remedy: error.remedy))
            return await checkNotices(report)
        }
        await checkVersion(report)
        let isRightChain = checkChain(info, report)
        checkSynced(info, report)
        if isRightChain { await checkTemplate(report) }
        await checkNotices(report)
    }

    private func checkVersion(_ report: (CheckLine) -> Void) async {
        let subject = "\(key) version"
        do {
            let network = try await client.getNetworkInfo()
            guard network.version >= Self.oldestVersion else {
                return report(.failed(subject, "\(network.subversion) is too old", remedy: "run Bitcoin Core 28 or later"))
            }
            report(.ok(subject, "\(network.subversion.withoutControls), \(Units.count(Int(network.connections))) connections to other nodes"))
        } catch {
            report(.failed(subject, error.text, remedy: error.remedy))
        }
    }

    private func checkChain(_ info: BlockchainInfo, _ report: (CheckLine) -> Void) -> Bool {
        let subject = "\(key) chain"
        let wanted = configuration.chain
        guard info.chain == wanted else {
            report(
                .failed(
                    subject,
                    "the node is on \(info.chainName.withoutControls)",
                    remedy: "set chain to what the node runs, or name a node on \(wanted.rawValue)"
                )
            )
            return false
        }
        if wanted == .signet, info.signetChallenge != [0x51] {
            report(.failed(subject, "this signet's blocks must be signed", remedy: "use a signet with the challenge 51 (OP_TRUE)"))
            return false
        }
        report(.ok(subject, "\(wanted.rawValue), height \(Units.count(Int(info.blocks)))"))
        return true
    }

    private func checkSynced(_ info: BlockchainInfo, _ report: (CheckLine) -> Void) {
        let subject = "\(key) synced"
        // A test chain whose last block is old calls itself unsynced until the next one; it gives work all the same.
        if info.blocks >= info.headers, !info.initialBlockDownload || configuration.chain != .main {
            return report(.ok(subject, "it has every block that it knows of"))
        }
        let progress = Units.percent(info.verificationProgress)
        let finding = "still downloading: block \(Units.count(Int(info.blocks))) of \(Units.count(Int(info.headers))), \(progress) verified"
        report(.failed(subject, finding, remedy: "wait until the node has caught up"))
    }

    private func checkTemplate(_ report: (CheckLine) -> Void) async {
        let subject = "\(key) template"
        let template: BlockTemplate
        do {
            let answer = try await client.getBlockTemplate(for: configuration.chain)
            template = try BlockTemplate(json: answer, chain: configuration.chain)
            report(.ok(subject, "height \(Units.count(Int(template.height))), \(Units.count(template.transactions.count)) transactions"))
        } catch let error as NodeError {
            return report(.failed(subject, error.text, remedy: error.remedy))
        } catch {
            return report(.failed(subject, "\(error)", remedy: "see whether url is that of a Bitcoin Core node"))
        }
        report(coinbase(template))
    }

    /// Lays out a coinbase as a job would have it, and has it judged.
    private func coinbase(_ template: BlockTemplate) -> CheckLine {
        let subject = "\(key) coinbase"
        guard let payout = configuration.coinbase.payout else { return .ok(subject, "there is nobody to pay") }
        do {
            let parent = CommitmentPlan.Parent(
                height: template.height,
                runNumber: 0,
                tag: configuration.coinbase.tag,
                extranonceSize: JobMaker.extranonceSize,
                payouts: [TransactionOutput(value: template.coinbaseValue, script: payout.script)],
                witnessCommitment: template.witnessCommitment
            )
            let plan = try CommitmentPlan(parent, works: works)
            if let dropped = plan.dropped.first {
                return .failed(subject, "no room for the chain \(dropped.chain): \(dropped.violation)", remedy: "take one auxiliary chain away")
            }
            let layout = plan.layout
            let violations = CoinbaseAudit(template: template).violations(in: layout)
            guard violations.isEmpty else {
                let words = violations.map { "\($0)" }.joined(separator: "; ")
                return .failed(subject, words, remedy: "set blockreservedweight=8000 (blockmaxweight before version 29) in the node's bitcoin.conf")
            }
            let size = layout.prefix.count + layout.extranonceSize + layout.suffix.count
            guard size <= Self.largestCoinbase else {
                return .failed(subject, "\(size) bytes are more than some firmware takes", remedy: "use a shorter tag")
            }
            let tag = layout.tag == configuration.coinbase.tag ? "" : "; the tag is cut to \(JSON5Text.quote(layout.tag))"
            return .ok(subject, "\(size) bytes, there is room for it\(tag)")
        } catch {
            return .failed(subject, "\(error)", remedy: "use a shorter tag")
        }
    }

    /// Some firmware keeps no more of a coinbase.
    static let largestCoinbase = 500

    private func checkNotices(_ report: (CheckLine) -> Void) async {
        guard let endpoint = node.zmqHashBlock else { return }
        let subject = "\(key).zmqHashBlock"
        do {
            let subscription = try HashBlockSubscription(endpoint: endpoint)
            defer { subscription.stop() }
            let start = ContinuousClock.now
            // A refusal is believed after a second, silence after five.
            while subscription.state != .connected, ContinuousClock.now - start < .seconds(subscription.state == .disconnected ? 1 : 5) {
                try? await Task.sleep(for: .milliseconds(20))
            }
            guard subscription.state == .connected else {
                return report(
                    .failed(
                        subject,
                        "\(endpoint) gives no connection",
                        remedy: "set zmqpubhashblock=\(endpoint) in the node's bitcoin.conf and restart it"
                    )
                )
            }
            report(.ok(subject, "\(endpoint) is connected"))
        } catch {
            report(.failed(subject, error.text, remedy: error.remedy))
        }
    }
}
