import Hashing
import MergeMining

/// An RSK-like chain as a value: works to be mined, the verifier's verdict on what comes back, one block after the other.
///
/// The rules are those of RSK's main network today, fork-detection data included; for that the chain begins with made-up ancestors. What its
/// blocks hold is made up too.
struct EmbeddedRSKChain: Sendable {
    /// The last made-up ancestor's height.
    static let baseHeight: UInt32 = 9_000_000
    /// A work is built anew after so many seconds, as rskj does.
    static let refreshSeconds: UInt32 = 60
    /// More uncles than this one block does not refer to.
    static let uncleLimit = 10

    /// Of works built from now on.
    var target: Target
    /// The best chain, oldest first, made-up ancestors included.
    private(set) var entries: [AuxiliaryEntry]
    private(set) var counters = AuxiliaryCounters()
    private var server: RSKMinerServer
    private var current: RSKWork?
    private var builtAt: UInt32 = 0
    /// Siblings that no block has referred to yet.
    private var looseUncles = 0

    init(target: Target, seed: UInt64, entries stored: [AuxiliaryEntry] = []) {
        self.target = target
        entries = (0..<UInt32(RSKForkData.ancestorsNeeded)).map { offset in
            Self.madeUp(height: Self.baseHeight - UInt32(RSKForkData.ancestorsNeeded) + 1 + offset, seed: seed)
        }
        server = RSKMinerServer(network: .main, bestParent: [])
        for entry in stored where entry.height == tip.height + 1 { entries.append(entry) }
        server.bestParent = tip.hash
    }

    private static func madeUp(height: UInt32, seed: UInt64) -> AuxiliaryEntry {
        var random = SplitMix64(seed: seed ^ UInt64(height) &* 0xd6e8_feb8_6659_fd93)
        let parentID = Hash256(internalBytes: random.bytes(28) + [0, 0, 0, 0]) ?? .zero
        return AuxiliaryEntry(
            height: height,
            hash: random.bytes(32),
            parentID: parentID,
            time: 0,
            uncles: UInt8(random.below(2)),
            commitment: random.bytes(32)
        )
    }

    var tip: AuxiliaryEntry { entries[entries.count - 1] }

    func entry(atHeight height: UInt64) -> AuxiliaryEntry? {
        guard height >= UInt64(entries[0].height), height <= UInt64(tip.height) else { return nil }
        return entries[Int(height - UInt64(entries[0].height))]
    }

    /// The work to be mined now; nil never, since 449 ancestors are always known.
    /// - Parameters:
    ///   - now: Unix seconds.
    ///   - salt: fresh bits, so that no two works are alike.
    mutating func work(now: UInt32, salt: UInt64) -> RSKWork? {
        if let current, current.parent == tip.hash, current.target == target, now < builtAt &+ Self.refreshSeconds {
            return RSKWork(hash: current.hash, target: target, parent: current.parent, fees: current.fees, notify: false)
        }
        // rskj tells whoever asks first that the parent is new, and nobody after.
        let notifies = current?.parent != tip.hash
        guard let work = newWork(now: now, salt: salt, notifies: notifies) else { return nil }
        server.add(RSKMinerServer.Work(work, time: UInt64(now), height: UInt64(tip.height) + 1))
        current = work
        builtAt = now
        return work
    }

    private func newWork(now: UInt32, salt: UInt64, notifies: Bool) -> RSKWork? {
        var seed = tip.hash
        for value in [UInt64(now), salt] { withUnsafeBytes(of: value.bigEndian) { seed += $0 } }
        let ancestors = entries.suffix(RSKForkData.ancestorsNeeded).reversed().map { entry in
            RSKForkData.Ancestor(height: entry.height, parentID: entry.parentID, uncles: UInt32(entry.uncles))
        }
        guard let data = RSKForkData.expected(after: ancestors),
            let hash = RSKMiningHash(bytes: Keccak256.hash(seed).prefix(RSKForkData.prefixSize) + data.bytes)
        else { return nil }
        return RSKWork(hash: hash, target: target, parent: tip.hash, fees: String(1_000_000_000 + salt % 1_000_000_000), notify: notifies)
    }

    /// Judges a submission; the best block it makes, if it makes one.
    /// - Parameter now: milliseconds of Unix time.
    mutating func submit(_ submission: RSKSubmission, now: Int64) throws(RSKCallError) -> (answer: RSKImport, block: AuxiliaryEntry?) {
        do {
            let answer = try server.submit(submission, now: now)
            return (answer, try connect(answer, submission, now: now))
        } catch {
            switch error {
            case .unknownWork: counters.unknown += 1
            case .invalid(let reason, _, _, _): counters.rejected[reason.rawValue, default: 0] += 1
            default: counters.rejected["malformed", default: 0] += 1
            }
            throw error
        }
    }

    private mutating func connect(_ answer: RSKImport, _ submission: RSKSubmission, now: Int64) throws(RSKCallError) -> AuxiliaryEntry? {
        switch answer.status {
        case .best: counters.accepted += 1
        case .notBest:
            counters.beside += 1
            looseUncles += 1
            return nil
        case .exists:
            counters.duplicates += 1
            return nil
        case .invalid, .noParent, .consensusBreak:
            counters.rejected[answer.status.rawValue, default: 0] += 1
            return nil
        }
        let uncles = min(looseUncles, Self.uncleLimit)
        looseUncles -= uncles
        let block = AuxiliaryEntry(
            height: UInt32(clamping: answer.height),
            hash: Hex.decode(answer.blockHash) ?? tip.hash,
            parentID: .sha256d(submission.header),
            time: UInt32(clamping: now / 1000),
            uncles: UInt8(uncles),
            commitment: try submission.workHash().bytes
        )
        append(block)
        return block
    }

    private mutating func append(_ block: AuxiliaryEntry) {
        entries.append(block)
        server.bestParent = block.hash
    }

    /// Somebody else finds the next block.
    mutating func advance(now: UInt32, salt: UInt64) -> AuxiliaryEntry {
        var random = SplitMix64(seed: salt)
        let block = AuxiliaryEntry(
            height: tip.height + 1,
            hash: random.bytes(32),
            parentID: Hash256(internalBytes: random.bytes(32)) ?? .zero,
            time: now,
            uncles: 0,
            commitment: random.bytes(32)
        )
        append(block)
        return block
    }
}
