import Testing

@testable import Pool

@Suite("Which node's template is mined on")
struct NodeBoardTests {
    private func mined(_ step: NodeBoard<String>.Step) -> String {
        switch step {
        case .mine(let template): template
        case .keep: "keep"
        case .lost: "lost"
        }
    }

    @Test("the first node that answers is mined on; the preferred one takes over at equal height")
    func preference() {
        var board = NodeBoard<String>(names: ["a", "b"])
        #expect(mined(board.received("b7", height: 7, from: 1)) == "b7")
        #expect(mined(board.received("a6", height: 6, from: 0)) == "keep", "a node that lags is not followed")
        #expect(mined(board.received("a7", height: 7, from: 0)) == "a7")
        #expect(mined(board.received("b7'", height: 7, from: 1)) == "keep")
    }

    @Test("whoever sees the new tip first is followed")
    func newTip() {
        var board = NodeBoard<String>(names: ["a", "b"])
        _ = board.received("a7", height: 7, from: 0)
        #expect(mined(board.received("b8", height: 8, from: 1)) == "b8")
        #expect(mined(board.received("a8", height: 8, from: 0)) == "a8")
    }

    @Test("a node that fails hands over to the highest other one; with none left the work is lost until one returns")
    func failover() {
        var board = NodeBoard<String>(names: ["a", "b", "c"])
        _ = board.received("a7", height: 7, from: 0)
        _ = board.received("b6", height: 6, from: 1)
        _ = board.received("c7", height: 7, from: 2)
        #expect(mined(board.stopped(.failed("down"), at: 0)) == "c7")
        #expect(mined(board.stopped(.failed("down"), at: 1)) == "keep")
        #expect(mined(board.stopped(.waiting("warming up"), at: 2)) == "lost")
        #expect(mined(board.received("b9", height: 9, from: 1)) == "b9")
        #expect(board.entries.map(\.state.label) == ["failed", "ready", "waiting"])
    }

    @Test("the active node may go back: a reorganisation is followed")
    func reorganisation() {
        var board = NodeBoard<String>(names: ["a"])
        _ = board.received("a7", height: 7, from: 0)
        #expect(mined(board.received("a6", height: 6, from: 0)) == "a6")
    }
}
