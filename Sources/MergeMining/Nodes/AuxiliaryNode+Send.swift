extension AuxiliaryNode {
    /// Sends a solution until there is a definite answer, or patience or the task ends.
    /// - Returns: what became of it, and how often the node asked to wait for its rate limit.
    func send(_ solution: AuxiliarySolution, patience: Duration = .seconds(600)) async -> (outcome: AuxiliaryOutcome, rateLimits: Int) {
        var progress = SubmissionProgress(solution, patience: patience)
        var step = SubmissionProgress.Step.submit
        while true {
            switch step {
            case .done(let outcome): return (outcome, progress.rateLimits)
            case .after(let wait, let next):
                do { try await Task.sleep(for: wait) } catch { return (.undecided("the pool stops"), progress.rateLimits) }
                step = next
            case .submit:
                do { step = progress.answered(try await submit(solution)) } catch { step = progress.failed(error) }
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
