import Accounting
import Bitcoin
import HTTP
import Hashing
import MergeMining
import Stratum
import Synchronization

/// Sends solved blocks to every node, keeps them in the journal until a definite answer, and tells the block book what became of them.
///
/// A solution comes from a loop's thread and must not hold it up: it is queued, and a thread of its own encodes the block and starts the
/// requests. Everything after that has time and happens in tasks.
final class Submitter: Sendable {
    private let nodes: [any BlockReceiver]
    private let journal: BlockJournal
    private let book: any BlockBook
    private let workers: WorkerDirectory
    private let queue = Mutex<[Solution]>([])
    private let signal = WakeSignal()
    private let stopping = Atomic<Bool>(false)
    /// Solutions that have come and are not settled yet.
    private let underWay = UnderWay()
    private let acceptedCount = Atomic<Int>(0)
    /// Called with each block that a node took.
    private let onAccepted: @Sendable (FoundBlock) -> Void
    private let log = Log("block")

    init(
        nodes: [any BlockReceiver],
        journal: BlockJournal,
        book: any BlockBook,
        workers: WorkerDirectory,
        onAccepted: @escaping @Sendable (FoundBlock) -> Void = { _ in }
    ) {
        self.nodes = nodes
        self.journal = journal
        self.book = book
        self.workers = workers
        self.onAccepted = onAccepted
    }

    /// Blocks that a node took since the start.
    var accepted: Int { acceptedCount.load(ordering: .relaxed) }

    func start() {
        let started = BackgroundThread.start(named: "submitter", urgent: true) { [self] in
            while !stopping.load(ordering: .acquiring) {
                signal.wait()
                for solution in queue.withLock({ exchange(&$0, with: []) }) { send(solution) }
            }
        }
        if !started { log.error("no thread can be started: solved blocks will not be sent") }
    }

    func stop() {
        stopping.store(true, ordering: .releasing)
        signal.raise()
    }

    /// Takes a solution for the parent chain; called on a loop's thread.
    func found(_ solution: Solution) {
        guard let context = solution.job.poolContext, !context.tip.isDecided, let first = context.tip.found(solution) else { return }
        enqueue(first)
    }

    private func enqueue(_ solution: Solution) {
        underWay.enter()
        queue.withLock { $0.append(solution) }
        signal.raise()
    }

    /// Returns when every solution that has come is settled, or the time is over; then what is not settled is in the journal.
    func rest(within limit: Duration) async {
        await underWay.rest(within: limit)
        await journal.rest()
    }

    /// Works off what an earlier run left in the journal.
    func resume() async {
        do {
            let left = try journal.entries { log.error("unreadable journal entry left where it is: \($0)") }
            // Beside each other: one that no node decides on may take days.
            await withDiscardingTaskGroup { group in
                for entry in left where entry.chain == Ledger.parentChain {
                    log.info("working off the journal: block \(entry.hash) at height \(entry.height)")
                    let submission = BlockSubmission(head: [], tailHex: entry.payload)
                    let block = entry.block(worker: workers.handle(account: entry.account, worker: entry.worker))
                    let pending = Pending(block: block, entry: entry, keeping: journal.keep(entry), submission: submission)
                    group.addTask { await self.settle(pending) }
                }
            }
        } catch {
            log.error("journal: \(error)")
        }
    }
}

extension Submitter {
    /// A block under way.
    private struct Pending: Sendable {
        let block: FoundBlock
        let entry: BlockJournal.Entry
        let keeping: BlockJournal.Keeping
        let submission: BlockSubmission
        /// The first round's answers as they come; nil when nothing was sent yet.
        var answers: AsyncStream<(Int, SubmissionTally.Answer)>?
        /// From the read that held the share until the first bytes had left for every node, nanoseconds; nil for one from the journal.
        var delay: UInt64?
        /// Nil for one from the journal.
        var tip: ParentTip?
    }

    private func send(_ solution: Solution) {
        guard let context = solution.job.poolContext else { return underWay.leave() }
        do {
            let assembly = try BlockAssembly(
                template: context.template,
                layout: context.plan.layout,
                extranonce: solution.extranonce,
                version: solution.version,
                time: solution.time,
                nonce: solution.nonce
            )
            let submission = BlockSubmission(head: assembly.head, tailHex: assembly.body.joinedHex())
            let (answers, feed) = AsyncStream.makeStream(of: (Int, SubmissionTally.Answer).self)
            for (index, node) in nodes.enumerated() { node.submit(submission) { feed.yield((index, $0)) } }
            let now = monotonicNanoseconds()
            let delay = now - min(now, solution.readAt)
            let block = FoundBlock(
                chain: Ledger.parentChain,
                height: context.tip.height,
                hash: solution.hash.displayHex,
                worker: solution.worker,
                time: UnixTime.now().milliseconds,
                reward: UInt128(context.reward),
                networkWeight: solution.job.networkTarget.weight
            )
            let name = workers[solution.worker] ?? WorkerName(account: "", worker: "")
            let entry = BlockJournal.Entry(block, by: name, payload: assembly.hex)
            let pending = Pending(
                block: block,
                entry: entry,
                keeping: journal.keep(entry),
                submission: submission,
                answers: answers,
                delay: delay,
                tip: context.tip
            )
            Task {
                await settle(pending)
                underWay.leave()
            }
        } catch {
            log.error("block \(solution.hash.displayHex) cannot be put together: \(error)")
            if let next = context.tip.refused() { enqueue(next) }
            underWay.leave()
        }
    }

    private func settle(_ pending: Pending) async {
        let sent = pending.delay.map { "; sent \($0 / 1_000) µs after its share was read" } ?? ""
        log.info("found block \(pending.block.hash) at height \(pending.block.height) by \(pending.entry.account).\(pending.entry.worker)\(sent)")
        var isKept = await isKept(pending.keeping, isFirst: true)
        note(pending.block, .found)
        var tally = SubmissionTally(nodes: nodes.count)
        if let answers = pending.answers { await gather(answers, into: &tally) } else { await ask(Array(nodes.indices), pending, &tally) }
        var pause = Backoff(first: .milliseconds(500), longest: .seconds(10))
        while case .open(let undecided) = tally.verdict {
            note(pending.block, .submitted)
            await pause.wait()
            if Task.isCancelled || stopping.load(ordering: .acquiring) { return }
            // A disk that was full may not be any more.
            if !isKept { isKept = await self.isKept(journal.keep(pending.entry), isFirst: false) }
            await ask(undecided, pending, &tally)
        }
        guard let verdict = tally.verdict else { return }
        finish(pending, verdict)
    }

    private func isKept(_ keeping: BlockJournal.Keeping, isFirst: Bool) async -> Bool {
        guard case .failure(let error) = await keeping.value else { return true }
        if isFirst { log.error("journal: \(error); the block is submitted all the same") }
        return false
    }

    /// Reads answers until they decide.
    private func gather(_ answers: AsyncStream<(Int, SubmissionTally.Answer)>, into tally: inout SubmissionTally) async {
        for await (node, answer) in answers {
            tally.add(answer, from: node)
            if tally.verdict != nil { return }
        }
    }

    /// A node that did not answer may have taken the block all the same: look before sending it again.
    private func ask(_ undecided: [Int], _ pending: Pending, _ tally: inout SubmissionTally) async {
        for index in undecided {
            let node = nodes[index]
            if await isOnChain(pending, node) {
                tally.add(.accepted, from: index)
                continue
            }
            let (answers, feed) = AsyncStream.makeStream(of: SubmissionTally.Answer.self)
            node.submit(pending.submission) {
                feed.yield($0)
                feed.finish()
            }
            for await answer in answers {
                // A node that lost the parent can never judge the block; once its chain has another one there for good, that is an answer.
                let isLost = answer == .ambiguous ? await isBuried(pending, node) : false
                tally.add(isLost ? .stale : answer, from: index)
            }
        }
    }

    private func isOnChain(_ pending: Pending, _ node: any BlockReceiver) async -> Bool {
        if case .confirmations = await node.depth(of: pending.block.hash, height: pending.block.height) { true } else { false }
    }

    private func isBuried(_ pending: Pending, _ node: any BlockReceiver) async -> Bool {
        guard case .aside(let rival) = await node.depth(of: pending.block.hash, height: pending.block.height) else { return false }
        return rival >= BlockWatch.burial
    }

    private func finish(_ pending: Pending, _ verdict: SubmissionVerdict) {
        let block = pending.block
        switch verdict {
        case .accepted:
            pending.tip?.accepted()
            acceptedCount.add(1, ordering: .relaxed)
            close(pending, .accepted)
            log.info("block \(block.hash) at height \(block.height) accepted")
            onAccepted(block)
        case .stale:
            close(pending, .stale)
            log.warning("block \(block.hash) at height \(block.height) is valid, but another one was first")
            // Whatever else waits on this parent comes later still.
            pending.tip?.lost()
        case .rejected(let words):
            close(pending, .rejected, answer: words)
            log.error("block \(block.hash) at height \(block.height) refused: \(words)")
            next(after: pending)
        case .open:
            return
        }
    }

    /// The answer is definite: once it is on record, the journal may forget the block.
    private func close(_ pending: Pending, _ state: BlockState, answer: String? = nil) {
        note(pending.block, state, answer: answer) { [journal, log, entry = pending.entry] in
            do { try journal.remove(entry) } catch { log.error("journal: \(error)") }
        }
    }

    private func note(_ block: FoundBlock, _ state: BlockState, answer: String? = nil, then: @escaping @Sendable () -> Void = {}) {
        var block = block
        block.state = state
        book.write(block, by: .answer, answer: answer, then: then)
    }

    private func next(after pending: Pending) {
        if let solution = pending.tip?.refused() { enqueue(solution) }
    }
}
