import Accounting
import Testing

@testable import Pool

@Suite("What becomes of an accepted block")
struct BlockWatchTests {
    private static let cases: [(BlockState, BlockWatch.Depth, BlockState?)] = [
        (.accepted, .confirmations(1), .immature),
        (.submitted, .confirmations(1), .immature),
        (.immature, .confirmations(100), nil),
        (.immature, .confirmations(101), .confirmed),
        (.accepted, .confirmations(500), .confirmed),
        (.immature, .aside, .orphaned),
        (.accepted, .aside, .stale),
        (.immature, .unknown, nil),
    ]

    @Test("states by depth", arguments: cases)
    func states(state: BlockState, depth: BlockWatch.Depth, next: BlockState?) {
        #expect(BlockWatch.next(state, depth) == next)
    }
}
