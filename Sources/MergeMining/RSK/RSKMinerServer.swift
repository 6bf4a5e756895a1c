import Bitcoin
import Hashing

/// The miner server of an rskj node: works it has given out, and the verdict on what comes back.
///
/// A pure value with the node's behaviour step by step; the embedded chain and the gateway's tests stand on it. What only a whole node can
/// know (transactions, gas, uncles) is not judged.
public struct RSKMinerServer: Sendable {
    /// More works are not remembered; the oldest goes first.
    public static let workLimit = 20

    /// A work that was given out.
    public struct Work: Sendable {
        public let work: RSKWork
        /// The RSK block's time, Unix seconds.
        public let time: UInt64
        public let height: UInt64
        fileprivate var solutions: Set<[UInt8]> = []

        public init(_ work: RSKWork, time: UInt64, height: UInt64) {
            self.work = work
            self.time = time
            self.height = height
        }
    }

    public let network: RSKNetwork
    /// Milliseconds between two submissions; 0 on the main network, 10,000 on the test network.
    public var rateLimit: Int64
    /// The id of the best block: work on another parent makes a sibling.
    public var bestParent: [UInt8]
    public private(set) var works: [Work] = []
    private var lastSubmission: Int64?

    public init(network: RSKNetwork, bestParent: [UInt8], rateLimit: Int64 = 0) {
        self.network = network
        self.bestParent = bestParent
        self.rateLimit = rateLimit
    }

    public mutating func add(_ work: Work) {
        works.removeAll { $0.work.hash == work.work.hash }
        works.append(work)
        if works.count > Self.workLimit { works.removeFirst() }
    }

    /// Judges a submission.
    /// - Parameter now: milliseconds of Unix time.
    public mutating func submit(_ submission: RSKSubmission, now: Int64) throws(RSKCallError) -> RSKImport {
        let hash = try submission.workHash()
        // Counted before the work is looked up: a bad submission uses the slot too.
        if rateLimit > 0 {
            if let lastSubmission, now - lastSubmission < rateLimit { throw .rateLimited }
            lastSubmission = now
        }
        guard let index = works.firstIndex(where: { $0.work.hash == hash }) else { throw .unknownWork(hash) }
        let known = works[index]
        guard submission.merkleProof != nil else { throw .internalError }
        let rules = network.rules(at: known.height)
        let block = Hex.encode(Keccak256.hash(hash.bytes + submission.header))
        do {
            try submission.proof.verify(hash: hash, target: known.work.target, rules: rules)
        } catch {
            throw .invalid(error, block: block, hash: hash, height: known.height)
        }
        return RSKImport(status: connect(submission.header, index, rules, now: now), blockHash: block, height: known.height)
    }

    /// What connecting the block says, once its proof is good.
    private mutating func connect(_ header: [UInt8], _ index: Int, _ rules: RSKRules, now: Int64) -> RSKImportStatus {
        let known = works[index]
        guard !known.solutions.contains(header) else { return .exists }
        let parentTime = UInt32(littleEndian: header[68..<72])
        guard rules.allows(parentTime: parentTime, blockTime: known.time), !isAhead(known.time, now: now) else { return .invalid }
        works[index].solutions.insert(header)
        return known.work.parent == bestParent ? .best : .notBest
    }

    /// Whether a block's time is too far in the future: 60 s on the main network, 540 on the test network.
    private func isAhead(_ time: UInt64, now: Int64) -> Bool {
        let limit: UInt64
        switch network {
        case .main: limit = 60
        case .testnet: limit = 540
        case .regtest: return false
        }
        return time > UInt64(clamping: now / 1000) + limit
    }
}
