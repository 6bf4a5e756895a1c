import Bitcoin
import HTTP
import Hashing
import JSON
import Synchronization

/// One node of the parent chain: its RPC, and its notices of new blocks where it publishes any.
final class ParentNode: Sendable {
    let name: String
    let client: NodeClient
    let notices: HashBlockSubscription?

    /// Tips heard of by polling and by notice, to tell a ZMQ connection that died silently from a quiet chain.
    private struct Hearing {
        var noticed: Hash256?
        /// A tip that came by poll and whose notice is due.
        var due: (hash: Hash256, since: ContinuousClock.Instant)?
    }

    private let hearing = Mutex(Hearing())
    private let log = Log("node")

    /// - Parameter notices: the node's `zmqpubhashblock` address, where it has one.
    init(_ endpoint: NodeEndpoint, notices: String?, http: HTTPClient) throws(HashBlockError) {
        name = endpoint.name
        client = NodeClient(endpoint, http: http)
        self.notices = if let notices { try HashBlockSubscription(endpoint: notices) } else { nil }
    }

    /// The next template; nil when a long poll ran out, which is no failure.
    func template(chain: Chain, longPollID: String?) async throws(NodeError) -> BlockTemplate? {
        let answer: JSONValue
        do {
            answer = try await client.getBlockTemplate(for: chain, longPollID: longPollID, timeout: .seconds(longPollID == nil ? 20 : 100))
        } catch {
            if longPollID != nil, error == .timedOut(sent: true) { return nil }
            throw error
        }
        do {
            return try BlockTemplate(json: answer, chain: chain)
        } catch {
            throw .malformed("getblocktemplate: \(error)")
        }
    }
}

extension ParentNode {
    /// How long after a tip came by poll its notice may still come.
    private static let noticeLimit: Duration = .seconds(10)

    /// A notice named this tip.
    func noticed(_ hash: Hash256) {
        hearing.withLock { hearing in
            hearing.noticed = hash
            if hearing.due?.hash == hash { hearing.due = nil }
        }
    }

    /// A template named this tip. A subscription that stays silent about it for too long is dead and is made anew.
    func heardOf(_ tip: Hash256) {
        guard let notices else { return }
        let now = ContinuousClock.now
        let isDead = hearing.withLock { hearing -> Bool in
            if hearing.noticed == nil {
                // The first tip of a run was there before the subscription.
                hearing.noticed = tip
                return false
            }
            if let due = hearing.due {
                guard due.since.duration(to: now) > Self.noticeLimit else { return false }
                hearing.due = nil
                hearing.noticed = tip
                return true
            }
            if hearing.noticed != tip { hearing.due = (tip, now) }
            return false
        }
        guard isDead else { return }
        log.warning("\(name): no ZMQ notice of the newest block came; subscribing anew")
        notices.restart()
    }
}

extension ParentNode: BlockReceiver {
    func submit(_ block: BlockSubmission, answer: @escaping @Sendable (SubmissionTally.Answer) -> Void) {
        client.submit(block) { answer(SubmissionTally.Answer($0)) }
    }

    func depth(of hash: String, height: Int64) async -> BlockWatch.Depth? {
        guard let id = Hash256(displayHex: hash), let height = UInt32(exactly: height) else { return .unknown }
        do {
            if let header = try await client.getBlockHeader(id), header.isOnActiveChain { return .confirmations(header.confirmations) }
            // A node that died without flushing forgets its newest blocks: what stands at the height in their place tells that they are lost.
            guard let rival = try await client.getBlockHash(height: height), rival != id else { return .unknown }
            return .aside(rival: try await client.getBlockHeader(rival)?.confirmations ?? 0)
        } catch {
            return nil
        }
    }
}

extension SubmissionTally.Answer {
    init(_ outcome: SubmitOutcome) {
        self =
            switch outcome {
            case .accepted, .duplicate: .accepted
            case .stale, .inconclusive, .duplicateInconclusive: .stale
            case .rejected(let words): .rejected(words)
            case .duplicateInvalid: .rejected("duplicate-invalid")
            case .unknownParent, .notDelivered, .ambiguous: .ambiguous
            }
    }
}
