import Synchronization

/// Somebody's wish that another program goes on, until it is answered.
final class UpgradeWish: Sendable {
    let program: String?
    private let answer: Mutex<CheckedContinuation<Result<UpgradeReport, AdminFailure>, Never>?>

    init(program: String?, _ answer: CheckedContinuation<Result<UpgradeReport, AdminFailure>, Never>) {
        self.program = program
        self.answer = Mutex(answer)
    }

    func grant(_ report: UpgradeReport) { take()?.resume(returning: .success(report)) }
    func refuse(_ text: String) { take()?.resume(returning: .failure(.unavailable(text))) }

    private func take() -> CheckedContinuation<Result<UpgradeReport, AdminFailure>, Never>? { answer.withLock { $0.take() } }
}
