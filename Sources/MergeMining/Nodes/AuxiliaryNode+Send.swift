import JSON

extension AuxiliaryNode {
    /// Sends a solution until there is a definite answer, or patience or the task ends.
    func send(_ solution: AuxiliarySolution, patience: Duration = .seconds(600), mayHaveArrived: Bool = false) async -> AuxiliaryReport {
        var progress = SubmissionProgress(solution, patience: patience, mayHaveArrived: mayHaveArrived)
        var step = SubmissionProgress.Step.submit
        var result: JSONValue?
        while true {
            switch step {
            case .done(let outcome): return AuxiliaryReport(outcome: outcome, rateLimits: progress.rateLimits, result: result)
            case .after(let wait, let next):
                do {
                    try await Task.sleep(for: wait)
                    step = next
                } catch {
                    step = .done(.undecided("the pool stops"))
                }
            case .submit:
                do {
                    let answer = try await submit(solution)
                    result = answer
                    step = progress.answered(answer)
                } catch {
                    step = progress.failed(error)
                }
            case .locate(let block, let height):
                do {
                    step = progress.located(try await standing(of: block, height: height), block: block, height: height)
                } catch {
                    step = progress.notLocated(error, block: block, height: height)
                }
            }
        }
    }
}
