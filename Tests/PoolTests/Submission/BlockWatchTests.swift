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
        (.immature, .aside(rival: 3), .orphaned),
        (.accepted, .aside(rival: 3), .stale),
        // The next block may decide otherwise.
        (.immature, .aside(rival: 2), nil),
        (.accepted, .aside(rival: 0), nil),
        // It has, or the chain went back to where it was.
        (.stale, .confirmations(1), .immature),
        (.orphaned, .confirmations(2), .immature),
        (.orphaned, .confirmations(101), .confirmed),
        (.uncle, .confirmations(1), .immature),
        (.stale, .aside(rival: 50), nil),
        (.orphaned, .aside(rival: 50), nil),
        (.uncle, .aside(rival: 50), nil),
        (.immature, .unknown, nil),
    ]

    @Test("states by depth", arguments: cases)
    func states(state: BlockState, depth: BlockWatch.Depth, next: BlockState?) {
        #expect(BlockWatch.next(state, depth) == next)
    }
}
