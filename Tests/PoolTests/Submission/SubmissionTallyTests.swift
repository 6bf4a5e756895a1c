import Testing

@testable import Pool

@Suite("What several nodes say of one block")
struct SubmissionTallyTests {
    typealias Answer = SubmissionTally.Answer

    private static let cases: [([Answer], SubmissionVerdict)] = [
        ([.accepted, .rejected("x")], .accepted),
        ([.rejected("x"), .accepted], .accepted),
        ([.ambiguous, .accepted], .accepted),
        ([.rejected("high-hash"), .rejected("high-hash")], .rejected("high-hash")),
        ([.rejected("b"), .rejected("a")], .rejected("a; b")),
        ([.stale, .rejected("x")], .stale),
        ([.ambiguous, .rejected("x")], .open([0])),
        ([.ambiguous, .ambiguous], .open([0, 1])),
    ]

    @Test("the answers together", arguments: cases)
    func verdicts(answers: [Answer], verdict: SubmissionVerdict) {
        var tally = SubmissionTally(nodes: answers.count)
        for (node, answer) in answers.enumerated() { tally.add(answer, from: node) }
        #expect(tally.verdict == verdict)
    }

    @Test("one refusal of two does not decide; one acceptance does")
    func early() {
        var tally = SubmissionTally(nodes: 2)
        tally.add(.rejected("x"), from: 0)
        #expect(tally.verdict == nil)
        tally.add(.accepted, from: 1)
        #expect(tally.verdict == .accepted)
    }

    @Test("an answer given later takes the place of an ambiguous one")
    func replaced() {
        var tally = SubmissionTally(nodes: 1)
        tally.add(.ambiguous, from: 0)
        #expect(tally.verdict == .open([0]))
        tally.add(.rejected("bad-txnmrklroot"), from: 0)
        #expect(tally.verdict == .rejected("bad-txnmrklroot"))
    }
}
