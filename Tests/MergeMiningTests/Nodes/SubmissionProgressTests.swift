import Bitcoin
import JSON
import Testing

@testable import MergeMining

@Suite struct SubmissionProgressTests {
    private static let block = String(repeating: "ab", count: 32)

    private static func progress(
        _ kind: AuxiliarySolution.Kind,
        patience: Duration = .seconds(600),
        mayHaveArrived: Bool = false
    ) -> SubmissionProgress {
        SubmissionProgress(
            AuxiliarySolution(
                kind: kind,
                chain: "chain",
                node: "node",
                work: String(repeating: "cd", count: 32),
                height: 7,
                blockID: kind == .auxPow ? block : nil,
                previous: "",
                parentHash: "",
                reward: "0",
                method: "",
                parameters: [],
                proofSize: 0
            ),
            patience: patience,
            mayHaveArrived: mayHaveArrived
        )
    }

    private static func answer(_ status: RSKImportStatus) -> JSONValue { RSKImport(status: status, blockHash: block, height: 7).json }

    @Test func rskAnswers() {
        let wanted: [(RSKImportStatus, SubmissionProgress.Step)] = [
            (.best, .done(.accepted(block: Self.block, height: 7))), (.notBest, .done(.uncle(block: Self.block, height: 7))),
            (.exists, .locate(block: Self.block, height: 7)), (.noParent, .done(.invalid("NO_PARENT"))),
            (.invalid, .done(.invalid("INVALID_BLOCK"))), (.consensusBreak, .done(.invalid("CONSENSUS_BREAK"))),
        ]
        #expect(wanted.count == RSKImportStatus.allCases.count)
        for (status, step) in wanted {
            var progress = Self.progress(.rsk)
            #expect(progress.answered(Self.answer(status)) == step, "\(status)")
        }
    }

    @Test(arguments: [
        ("Cannot publish block, could not find hash 0xab in the cache", "unknown-work"),
        ("Invalid block supplied by miner: a b at height 7", "invalid"), ("The list of merkle hashes can't be empty", "invalid"),
    ])
    func rskRefusals(words: String, label: String) {
        var progress = Self.progress(.rsk)
        guard case .done(let outcome) = progress.failed(.rpc(code: -33000, words)) else { return #expect(Bool(false)) }
        #expect(outcome.label == label)
        #expect(outcome.answer == words)
    }

    @Test func rateLimitIsWaitedFor() {
        var progress = Self.progress(.rsk)
        let words = "Cannot publish block, block submission rate limit exceeded"
        #expect(progress.failed(.rpc(code: -33000, words)) == .after(.seconds(2), .submit))
        #expect(progress.failed(.rpc(code: -33000, words)) == .after(.seconds(2), .submit))
        #expect(progress.rateLimits == 2)
        #expect(progress.answered(Self.answer(.best)) == .done(.accepted(block: Self.block, height: 7)))
    }

    /// A lost answer is asked for again, and what the node says then is about the first attempt.
    @Test func lostAnswers() {
        var rsk = Self.progress(.rsk)
        guard case .after(_, .submit) = rsk.failed(.timedOut(sent: true)) else { return #expect(Bool(false)) }
        #expect(rsk.answered(Self.answer(.exists)) == .locate(block: Self.block, height: 7))
        #expect(rsk.located(.confirmed(confirmations: 1), block: Self.block, height: 7) == .done(.accepted(block: Self.block, height: 7)))
        #expect(rsk.located(.beside(rival: 1), block: Self.block, height: 7) == .done(.uncle(block: Self.block, height: 7)))

        var auxPow = Self.progress(.auxPow)
        _ = auxPow.failed(.broken("reset", sent: true))
        #expect(auxPow.failed(.rpc(code: -8, "block hash unknown")) == .locate(block: Self.block, height: 7))
        #expect(auxPow.located(.beside(rival: 1), block: Self.block, height: 7) == .done(.stale("beside the best chain")))

        // So it is with what an earlier run may have sent, whether the chain has it or never came as far.
        for (standing, label) in [
            (AuxiliaryStanding.confirmed(confirmations: 2), "accepted"), (.beside(rival: 1), "stale"), (.ahead, "stale"), (.unknown, "stale"),
        ] {
            var left = Self.progress(.auxPow, mayHaveArrived: true)
            #expect(left.failed(.rpc(code: -8, "block hash unknown")) == .locate(block: Self.block, height: 7))
            var step = left.located(standing, block: Self.block, height: 7)
            while case .after(_, .locate) = step { step = left.located(standing, block: Self.block, height: 7) }
            guard case .done(let outcome) = step else { return #expect(Bool(false)) }
            #expect(outcome.label == label, "\(standing)")
        }
        var unsaid = Self.progress(.auxPow, mayHaveArrived: true)
        _ = unsaid.failed(.rpc(code: -8, "block hash unknown"))
        let step = unsaid.notLocated(.rpc(code: -32601, "no such method"), block: Self.block, height: 7)
        #expect(step == .done(.stale("block hash unknown")))

        // Without an attempt that may have arrived, an unknown template is just that.
        var fresh = Self.progress(.auxPow)
        _ = fresh.failed(.unreachable("refused"))
        #expect(fresh.failed(.rpc(code: -8, "block hash unknown")) == .done(.stale("block hash unknown")))
    }

    @Test func auxPowAnswers() {
        var progress = Self.progress(.auxPow)
        #expect(progress.answered(true) == .locate(block: Self.block, height: 7))
        for (code, label) in [(-1, "invalid"), (-22, "invalid"), (-32601, "refused"), (-32602, "refused")] {
            var progress = Self.progress(.auxPow)
            guard case .done(let outcome) = progress.failed(.rpc(code: Int64(code), "words")) else { return #expect(Bool(false)) }
            #expect(outcome.label == label, "\(code)")
        }
        var elastos = Self.progress(.auxPow)
        #expect(elastos.failed(.rpc(code: -32603, "adding block failed")) == .locate(block: Self.block, height: 7))
        #expect(elastos.located(.ahead, block: Self.block, height: 7) == .done(.invalid("adding block failed")))
    }

    /// A refusal without a reason: whether the proof was bad or the block too late, the chain tells.
    @Test(arguments: [
        (AuxiliaryStanding.ahead, "invalid"), (.unknown, "invalid"), (.beside(rival: 1), "stale"), (.confirmed(confirmations: 1), "accepted"),
    ])
    func refusedWithoutReason(standing: AuxiliaryStanding, label: String) {
        var progress = Self.progress(.auxPow)
        #expect(progress.answered(false) == .locate(block: Self.block, height: 7))
        guard case .done(let outcome) = progress.located(standing, block: Self.block, height: 7) else { return #expect(Bool(false)) }
        #expect(outcome.label == label)
    }

    /// A node that never makes sense is given up on, and the journal keeps the solution.
    @Test func patienceEnds() {
        for error: NodeError in [.unreachable("x"), .timedOut(sent: true), .busy, .malformed("x"), .unauthorized, .warmingUp("x")] {
            var progress = Self.progress(.auxPow, patience: .seconds(30))
            var waited = Duration.zero
            var outcome: AuxiliaryOutcome?
            while outcome == nil {
                switch progress.failed(error) {
                case .after(let pause, .submit): waited += pause
                case .done(let end): outcome = end
                default: return #expect(Bool(false))
                }
                guard waited <= .seconds(30) else { return #expect(Bool(false)) }
            }
            #expect(outcome?.isDefinite == false)
            #expect(waited > .seconds(20))
        }
    }

    @Test func internalErrorsPassOrStay() {
        var progress = Self.progress(.rsk)
        #expect(progress.failed(.rpc(code: -32603, "Internal server error")) == .after(.seconds(1), .submit))
        #expect(progress.failed(.rpc(code: -32603, "Internal server error")) == .after(.seconds(1), .submit))
        guard case .done(.refused) = progress.failed(.rpc(code: -32603, "Internal server error")) else { return #expect(Bool(false)) }
    }

    /// Every AuxPoW work takes one block: one solution at a time, until one is accepted.
    @Test func auxPowRace() {
        var race = SolutionRace(kind: .auxPow)
        #expect(race.enter() == .go)
        for _ in 0..<SolutionRace.mostWaiting { #expect(race.enter() == .wait) }
        #expect(race.enter() == .surplus)
        #expect(race.leave(.invalid("x")) == (1, 0))
        #expect(race.leave(.accepted(block: "", height: 0)) == (0, SolutionRace.mostWaiting - 1))
        #expect(race.enter() == .surplus)
        #expect(race.isIdle)
    }

    /// Ten siblings of an RSK work go, at once; the eleventh pays nothing.
    @Test func rskRace() {
        var race = SolutionRace(kind: .rsk)
        for _ in 0..<SolutionRace.mostSiblings { #expect(race.enter() == .go) }
        #expect(race.enter() == .surplus)
        #expect(race.leave(.accepted(block: "", height: 0)) == (0, 0))
        #expect(race.enter() == .surplus)
    }
}
