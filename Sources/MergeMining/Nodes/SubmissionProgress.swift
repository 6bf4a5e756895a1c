public import Bitcoin
public import JSON

/// The course of one solution: what to do next after each answer. A pure value; whoever runs it does the sending and the waiting.
public struct SubmissionProgress: Sendable {
    public enum Step: Hashable, Sendable {
        case submit
        /// Ask where the block stands, then `located`.
        case locate(block: String, height: Int64)
        /// Wait, then do the step.
        indirect case after(Duration, Step)
        case done(AuxiliaryOutcome)
    }

    private let solution: AuxiliarySolution
    /// Whether an earlier attempt may have reached the node though no answer came: what it says now may be about that one.
    private var mayHaveArrived: Bool
    /// The node's refusal, while it is being asked whether the chain has simply gone on.
    private var refusal: String?
    /// Its words that it knows the template no more, while it is being asked whether that is because the block became its tip.
    private var forgotten: String?
    private var failures = 0
    private var locations = 0
    /// How often the node asked to wait for its rate limit.
    public private(set) var rateLimits = 0
    private let patience: Duration
    private var waited: Duration = .zero

    /// - Parameters:
    ///   - patience: how long, in waits together, a node that gives no answer is asked again.
    ///   - mayHaveArrived: whether an earlier run may have sent it.
    public init(_ solution: AuxiliarySolution, patience: Duration = .seconds(600), mayHaveArrived: Bool = false) {
        self.solution = solution
        self.patience = patience
        self.mayHaveArrived = mayHaveArrived
    }

    /// The node answered a submission with a result.
    public mutating func answered(_ result: JSONValue) -> Step {
        switch solution.kind {
        case .rsk: answeredRSK(result)
        case .auxPow: answeredAuxPow(result)
        }
    }

    /// A submission brought no result.
    public mutating func failed(_ error: NodeError) -> Step {
        switch error {
        case .rpc(let code, let words): return refused(code, words)
        case .cancelled: return .done(.undecided(error.text))
        default:
            if error.requestMayHaveArrived { mayHaveArrived = true }
            return retry(.submit, error.text)
        }
    }

    /// The node said where the block stands.
    public mutating func located(_ standing: AuxiliaryStanding, block: String, height: Int64) -> Step {
        if let refusal {
            switch standing {
            case .confirmed: break
            case .beside: return .done(.stale("\(refusal): the chain has another block at this height"))
            case .ahead, .unknown: return .done(.invalid(refusal))
            }
        }
        switch standing {
        case .confirmed: return .done(.accepted(block: block, height: height))
        case .beside: return .done(solution.kind == .rsk ? .uncle(block: block, height: height) : .stale("beside the best chain"))
        case .ahead:
            // The node took the block but has not connected it yet; Elastos waits for its council's signatures.
            locations += 1
            guard locations < 10 else { return .done(forgotten.map { .stale($0) } ?? .accepted(block: block, height: height)) }
            return .after(.milliseconds(500), .locate(block: block, height: height))
        case .unknown: return .done(forgotten.map { .stale($0) } ?? .accepted(block: block, height: height))
        }
    }

    /// The question where the block stands brought no answer. The node said before that it has the block, and that must do.
    public mutating func notLocated(_ error: NodeError, block: String, height: Int64) -> Step {
        if let refusal, case .rpc = error { return .done(.invalid(refusal)) }
        if case .rpc = error { return .done(forgotten.map { .stale($0) } ?? .accepted(block: block, height: height)) }
        return retry(.locate(block: block, height: height), error.text)
    }

    // MARK: - RSK

    private mutating func answeredRSK(_ result: JSONValue) -> Step {
        guard let answer = try? RSKImport(result) else { return retry(.submit, "an answer that makes no sense: \(result.text())") }
        let (block, height) = (answer.blockHash, Int64(clamping: answer.height))
        switch answer.status {
        case .best: return .done(.accepted(block: block, height: height))
        case .notBest: return .done(.uncle(block: block, height: height))
        // It is there since an attempt whose answer was lost; whether as best block or beside it, the chain knows.
        case .exists: return .locate(block: block, height: height)
        case .invalid, .noParent, .consensusBreak: return .done(.invalid(answer.status.rawValue))
        }
    }

    // MARK: - AuxPoW

    private mutating func answeredAuxPow(_ result: JSONValue) -> Step {
        let block = solution.blockID ?? solution.work
        switch result {
        // True says only that the block was stored; newest Dogecoin answers null as submitblock does.
        case .bool(true), .null: return .locate(block: block, height: solution.height)
        case .bool(false):
            // It gives no reason. A block that came too late is refused too: Syscoin holds it against the reference of its newest tip.
            return locateRefused("the node answered false")
        default: return retry(.submit, "an answer that makes no sense: \(result.text())")
        }
    }

    // MARK: - Refusals

    private mutating func refused(_ code: Int64, _ words: String) -> Step {
        switch (solution.kind, code) {
        case (.rsk, -33000) where words.contains("rate limit"):
            rateLimits += 1
            return retry(.submit, words, wait: .seconds(2))
        case (.rsk, -33000) where words.contains("could not find hash"): return .done(.unknownWork(words))
        case (.rsk, -33000): return .done(.invalid(words))
        // The node's own time limit ran out; the import may have gone through all the same.
        case (.rsk, -32011):
            mayHaveArrived = true
            return retry(.submit, words)
        case (.auxPow, -8):
            // The template is gone. If an attempt may have arrived, the reason may be that it became the tip.
            guard mayHaveArrived else { return .done(.stale(words)) }
            forgotten = words
            return .locate(block: solution.blockID ?? solution.work, height: solution.height)
        // Out of memory for the moment.
        case (.auxPow, -7): return retry(.submit, words)
        // Namecoin's and Dogecoin's codes of what does not decode.
        case (.auxPow, -1), (.auxPow, -22): return .done(.invalid(words))
        case (_, -32601), (_, -32602): return .done(.refused("\(code) \(words)"))
        // Elastos' way of answering false.
        case (.auxPow, -32603) where words.contains("failed"): return locateRefused(words)
        default:
            // An internal error may pass; an answer that stays the same is the node's last word.
            failures += 1
            return failures < 3 ? .after(.seconds(1), .submit) : .done(.refused("\(code) \(words)"))
        }
    }

    private mutating func locateRefused(_ words: String) -> Step {
        refusal = words
        return .locate(block: solution.blockID ?? solution.work, height: solution.height)
    }

    /// Waits grow from a tenth of a second to five.
    private mutating func retry(_ step: Step, _ words: String, wait: Duration? = nil) -> Step {
        failures += 1
        let pause = wait ?? min(.milliseconds(100 << min(failures, 6)), .seconds(5))
        waited += pause
        guard waited <= patience else { return .done(.undecided(words)) }
        return .after(pause, step)
    }
}
