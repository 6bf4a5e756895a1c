import Accounting
import Dispatch
import Synchronization

/// Asks the ledger for the administration, on a thread of its own and one question at a time.
///
/// An answer waits for a disk or a server. The cooperative threads, of which there are as many as processors, must not: templates, jobs and
/// auxiliary work come on them, and whoever may read the administration could stop all of these.
///
/// So many questions wait at most, and each waits so long at most, whatever the store does; who is refused may ask again.
final class LedgerLane: Sendable {
    private let queue: DispatchQueue
    private let places: Int
    private let patience: Duration
    private let waiting = Atomic(0)

    /// Wakes those who have waited long enough; it never waits itself.
    private static let clock = DispatchQueue(label: "ledger.patience")

    /// - Parameters:
    ///   - places: of questions that wait or are being answered.
    ///   - patience: how long one waits for its answer, its turn included.
    init(named name: String, places: Int = 32, patience: Duration = .seconds(5)) {
        queue = DispatchQueue(label: "ledger." + name)
        self.places = places
        self.patience = patience
    }

    func ask<Answer: Sendable>(_ body: @escaping @Sendable () throws(LedgerError) -> Answer) async throws(AdminFailure) -> Answer {
        guard waiting.add(1, ordering: .relaxed).newValue <= places else {
            waiting.subtract(1, ordering: .relaxed)
            throw .unavailable("the ledger has \(places) questions to answer already; ask again in a moment")
        }
        let answer: Result<Answer, AdminFailure> = await withCheckedContinuation { continuation in
            let question = Question(continuation)
            queue.async { [self] in
                // Nobody waits for it any more: the lane is for those who do.
                if question.isOpen { question.settle(LedgerLane.answer(body)) }
                leave()
            }
            let late = AdminFailure.unavailable("the ledger has not answered within \(patience); see the disk's load, or the database's")
            Self.clock.asyncAfter(deadline: .now() + patience / .seconds(1)) { question.settle(.failure(late)) }
        }
        return try answer.get()
    }

    private func leave() { waiting.subtract(1, ordering: .relaxed) }

    private static func answer<Answer>(_ body: () throws(LedgerError) -> Answer) -> Result<Answer, AdminFailure> {
        do throws(LedgerError) {
            return .success(try body())
        } catch {
            return .failure(AdminFailure(error))
        }
    }

    /// Answered once, by the ledger or by the clock.
    private final class Question<Answer: Sendable>: Sendable {
        private let continuation: Mutex<CheckedContinuation<Result<Answer, AdminFailure>, Never>?>

        init(_ continuation: CheckedContinuation<Result<Answer, AdminFailure>, Never>) { self.continuation = Mutex(continuation) }

        var isOpen: Bool { continuation.withLock { $0 != nil } }

        func settle(_ answer: Result<Answer, AdminFailure>) {
            let waiting = continuation.withLock { waiting in
                defer { waiting = nil }
                return waiting
            }
            waiting?.resume(returning: answer)
        }
    }
}

/// The lanes of a pool: what is slow in one holds up nobody in another.
struct LedgerLanes: Sendable {
    /// The pool at a glance, which Prometheus and the probes ask for too.
    let glance = LedgerLane(named: "glance", patience: .seconds(2))
    /// What anybody may read.
    let books = LedgerLane(named: "books")
    /// Months of files, for whoever has the token.
    let archive = LedgerLane(named: "archive", places: 4, patience: .seconds(120))
    /// What is written waits for those who fold and settle.
    let changes = LedgerLane(named: "changes", patience: .seconds(60))
}

extension AdminFailure {
    init(_ error: LedgerError) { self = .unavailable("the ledger: \(error); \(error.remedy)") }
}
