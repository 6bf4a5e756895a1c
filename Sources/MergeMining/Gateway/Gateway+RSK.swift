import Bitcoin
import Hashing
import JSON

extension Gateway {
    /// The present work. `notify` is kept per user, so that several clients do not take it from each other.
    func getWork(_ parameters: [JSONValue], _ user: String) async throws(RPCError) -> JSONValue {
        guard set.rskChain != nil else { throw RPCError(.unknownMethod) }
        guard parameters.isEmpty else { throw RPCError(.wrongParameters) }
        guard let work = await rskWork() else { throw RPCError(.internalError) }
        let before = notified[user]
        let isNew = before.map { $0.parent != work.parent || Self.haveRisen(from: $0.fees, to: work.fees) } ?? true
        if isNew { notified[user] = (work.parent, work.fees) }
        return RSKWork(hash: work.hash, target: work.target, parent: work.parent, fees: work.fees, notify: isNew).json
    }

    /// By more than a tenth, as rskj has it.
    private static func haveRisen(from before: String, to now: String) -> Bool {
        guard let before = UInt256(decimal: before), let now = UInt256(decimal: now) else { return false }
        return now.multipliedSaturating(by: 10) > before.multipliedSaturating(by: 11)
    }

    /// Judges a submission as the node would and relays it, always in the form that needs no witness.
    func submitRSK(_ method: RSKSubmitMethod, _ parameters: [JSONValue], _ user: String) async throws(RPCError) -> JSONValue {
        guard let chain = set.rskChain else { throw RPCError(.unknownMethod) }
        let (hash, solution): (RSKMiningHash, AuxiliarySolution)
        do throws(RSKCallError) {
            let submission = try RSKSubmission(method, parameters)
            hash = try submission.workHash()
            guard let work = await set.work(hash.description, of: chain) else { throw .unknownWork(hash) }
            solution = try Self.solution(submission, work, hash)
        } catch {
            throw RPCError(error)
        }
        return try Self.answer(await send(solution, user), hash)
    }

    private func rskWork() async -> RSKWork? {
        for work in await set.works.works {
            if case .rsk(let rsk) = work.content { return rsk }
        }
        return nil
    }

    /// A witness in the coinbase, for which a node would refuse the block, is taken away.
    private static func solution(
        _ submission: RSKSubmission,
        _ work: AuxiliaryWork,
        _ hash: RSKMiningHash
    ) throws(RSKCallError) -> AuxiliarySolution {
        guard let header = try? BlockHeader(parsing: submission.header), let coinbase = try? Transaction(parsing: submission.coinbase),
            let branch = submission.merkleProof.flatMap({ RSKMerkleProof.branch($0) })
        else { throw .internalError }
        do throws(CommitmentViolation) {
            // The number of transactions is parsed by nodes and used no more.
            let transactions = 1 << min(branch.siblings.count, 24)
            return try work.solution(tree: nil, coinbase: coinbase, branch: branch, header: header, transactions: transactions)
        } catch {
            guard case .rsk(let reason) = error else { throw .internalError }
            throw .invalid(reason, block: header.hash.displayHex, hash: hash, height: UInt64(clamping: work.height))
        }
    }

    /// What the node said, or what stands for it.
    private static func answer(_ report: AuxiliaryReport, _ hash: RSKMiningHash) throws(RPCError) -> JSONValue {
        if let result = report.result { return result }
        switch report.outcome {
        case .accepted(let block, let height):
            return RSKImport(status: .best, blockHash: block, height: UInt64(clamping: height)).json
        case .uncle(let block, let height):
            return RSKImport(status: .notBest, blockHash: block, height: UInt64(clamping: height)).json
        case .unknownWork, .stale: throw RPCError(.unknownWork(hash))
        case .invalid(let words), .mistimed(let words): throw RPCError(code: -33000, message: words)
        case .surplus: throw RPCError(.rateLimited)
        case .refused: throw RPCError(.internalError)
        case .undecided: throw RPCError(.timedOut)
        }
    }
}
