import Accounting
import Bitcoin
import Hashing
import JSON
import MergeMining
import Stratum
import Synchronization

/// Sends what miners solved for auxiliary chains: proof made and judged once more, journal, submission, books.
///
/// It works beside the parent chain's submitter and shares nothing with it, so that no auxiliary node can hold up a parent block.
final class AuxiliarySubmitter: Sendable {
    /// Solutions that wait to be proved. A flood beyond this is counted, not kept: the chains take one block a work anyway.
    private static let queueLimit = 256

    private let set: AuxiliarySet
    private let journal: BlockJournal
    private let book: any BlockBook
    private let workers: WorkerDirectory
    private let onAccepted: @Sendable (FoundBlock) -> Void
    private let solutions: AsyncStream<(Solution, [Int])>
    private let feed: AsyncStream<(Solution, [Int])>.Continuation
    private let surplus = Atomic<Int>(0)
    private let underWay = UnderWay()
    /// Spoiled proofs by worker handle.
    private let spoiled = Mutex<[UInt32: Int]>([:])
    private let log = Log("aux")

    init(
        set: AuxiliarySet,
        journal: BlockJournal,
        book: any BlockBook,
        workers: WorkerDirectory,
        onAccepted: @escaping @Sendable (FoundBlock) -> Void
    ) {
        self.set = set
        self.journal = journal
        self.book = book
        self.workers = workers
        self.onAccepted = onAccepted
        (solutions, feed) = AsyncStream.makeStream(bufferingPolicy: .bufferingOldest(AuxiliarySubmitter.queueLimit))
    }

    /// Takes a solution; called on a loop's thread. What is of no use ends here.
    func found(_ solution: Solution) {
        guard let context = solution.job.poolContext else { return }
        let (works, tooMany) = context.take(solution.goals)
        if tooMany > 0 { surplus.add(tooMany, ordering: .relaxed) }
        guard !works.isEmpty else { return }
        underWay.enter(works.count)
        guard case .dropped = feed.yield((solution, works)) else { return }
        underWay.leave(works.count)
        surplus.add(works.count, ordering: .relaxed)
        for index in works { context.quotas[index].giveBack() }
    }

    /// Solutions that came when their work had as many as it takes; they were not sent.
    var surplusCount: Int { surplus.load(ordering: .relaxed) }

    /// Shares whose extranonce bytes broke an auxiliary commitment, by worker handle.
    var sabotage: [UInt32: Int] { spoiled.withLock { $0 } }

    /// Returns when every solution that has come is settled, or the time is over; then what is not settled is in the journal.
    func rest(within limit: Duration) async {
        await underWay.rest(within: limit)
        await journal.rest()
    }

    /// Proves and sends, until the task is cancelled.
    func run() async {
        await withDiscardingTaskGroup { group in
            for entry in leftovers() {
                group.addTask { await self.resume(entry) }
            }
            for await (solution, works) in solutions {
                guard let context = solution.job.poolContext else { continue }
                for index in works {
                    guard let proof = prove(solution, context, index) else {
                        context.quotas[index].giveBack()
                        underWay.leave()
                        continue
                    }
                    group.addTask {
                        await self.send(proof, solution, context, index)
                        self.underWay.leave()
                    }
                }
            }
        }
    }

    /// Takes a solution that another pool's software proved; the gateway has judged it.
    /// - Parameter user: the account that is credited; nil where the gateway knows no users.
    func relay(_ proof: AuxiliarySolution, user: String?) async -> AuxiliaryReport {
        underWay.enter()
        defer { underWay.leave() }
        let name = WorkerName(account: user ?? "gateway", worker: "")
        let target = await set.work(proof.work, of: proof.chain)?.target
        let entry = BlockJournal.Entry(proof, by: name, at: UnixTime.now().milliseconds, weight: target?.weight ?? 0, isOutside: true)
        let keeping = journal.keep(entry)
        let report = await set.relay(proof)
        let worker = workers.handle(account: name.account, worker: name.worker)
        await finish(entry, proof, worker: worker, report.outcome, isKept: isKept(keeping))
        return report
    }

    private func prove(_ solution: Solution, _ context: JobContext, _ index: Int) -> AuxiliarySolution? {
        do {
            let assembly = try BlockAssembly(
                template: context.template,
                layout: context.plan.layout,
                extranonce: solution.extranonce,
                version: solution.version,
                time: solution.time,
                nonce: solution.nonce
            )
            return try context.plan.solution(
                of: index,
                extranonce: solution.extranonce,
                header: assembly.header,
                branch: context.template.branch,
                transactions: context.template.transactions.count + 1
            )
        } catch let violation as CommitmentViolation {
            if violation.isSabotage { spoiled.withLock { $0[solution.worker, default: 0] += 1 } }
            let name = workers[solution.worker]
            log.warning(
                "\(context.plan.works[index].chain): a solution of \(name?.account ?? "?").\(name?.worker ?? "") proves nothing: \(violation)"
            )
        } catch {
            log.error("\(context.plan.works[index].chain): no proof can be made: \(error)")
        }
        return nil
    }

    private func send(_ proof: AuxiliarySolution, _ solution: Solution, _ context: JobContext, _ index: Int) async {
        let entry = BlockJournal.Entry(
            proof,
            by: workers[solution.worker],
            at: UnixTime.now().milliseconds,
            weight: context.plan.works[index].target.weight
        )
        let keeping = journal.keep(entry)
        let outcome = await set.submit(proof)
        switch outcome {
        // RSK takes siblings of a work, so only its end is an end.
        case .accepted where proof.kind == .auxPow, .surplus, .unknownWork, .stale: context.quotas[index].close()
        default: break
        }
        await finish(entry, proof, worker: solution.worker, outcome, isKept: isKept(keeping))
    }

    private func resume(_ entry: BlockJournal.Entry) async {
        guard let value = try? JSONValue(parsing: entry.payload), let proof = try? AuxiliarySolution(value) else {
            return log.error("\(entry.chain): journal entry \(entry.hash) cannot be read and is left where it is")
        }
        log.info("\(entry.chain): working off the journal: height \(entry.height)")
        let worker = workers.handle(account: entry.account, worker: entry.worker)
        await finish(entry, proof, worker: worker, await outcome(ofLeft: proof), isKept: true)
    }

    /// The run before may have had an answer and ended before it was on record: a node of the AuxPoW family that took a block knows its template
    /// no more, so it is asked for the block first; most are spared the proof then, and one that says so in words of its own is understood. An RSK
    /// node tells of a block that it has when it gets it again.
    private func outcome(ofLeft proof: AuxiliarySolution) async -> AuxiliaryOutcome {
        if proof.kind == .auxPow, let block = proof.blockID,
            case .confirmed = await set.standing(of: block, height: proof.height, on: proof.chain)
        {
            return .accepted(block: block, height: proof.height)
        }
        return await set.submit(proof, mayHaveArrived: true)
    }

    private func isKept(_ keeping: BlockJournal.Keeping) async -> Bool {
        guard case .failure(let error) = await keeping.value else { return true }
        log.error("journal: \(error); the solution was submitted all the same")
        return false
    }

    /// - Parameter isKept: whether it is in the journal.
    private func finish(
        _ entry: BlockJournal.Entry,
        _ proof: AuxiliarySolution,
        worker: UInt32?,
        _ outcome: AuxiliaryOutcome,
        isKept: Bool
    ) async {
        guard outcome.isDefinite else {
            // Where the journal could not be written before, it may be now.
            if !isKept, case .failure(let error) = await journal.keep(entry).value { log.error("journal: \(error); the solution may be lost") }
            return log.warning("\(proof.chain): no definite answer: \(outcome.answer)")
        }
        if outcome != .surplus {
            let block = FoundBlock(entry, proof, outcome, worker: worker)
            book.write(block, by: .answer, answer: outcome.answer) { [journal, log] in
                do { try journal.remove(entry) } catch { log.error("journal: \(error)") }
            }
            let text = "\(proof.chain): block at height \(block.height) by \(entry.account).\(entry.worker): \(outcome.label)"
            if block.state.endsRound { log.info(text) } else { log.warning("\(text): \(outcome.answer)") }
            if block.state == .accepted { onAccepted(block) }
        } else {
            do { try await journal.forget(entry) } catch { log.error("journal: \(error)") }
        }
    }

    private func leftovers() -> [BlockJournal.Entry] {
        do {
            return try journal.entries { _ in }.filter { $0.chain != Ledger.parentChain }
        } catch {
            log.error("journal: \(error)")
            return []
        }
    }
}
