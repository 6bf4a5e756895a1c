import Accounting
import Testing

@testable import Pool

@Suite("What becomes of parent blocks where there are several nodes")
struct BlockFollowerTests {
    private static let cases: [(BlockState, [BlockWatch.Depth?], BlockState)] = [
        // One node is behind, or on a branch of its own for a while.
        (.immature, [.aside(rival: 9), .confirmations(4)], .immature),
        (.accepted, [.aside(rival: 9), .confirmations(1)], .immature),
        (.orphaned, [.aside(rival: 9), .confirmations(2)], .immature),
        (.stale, [nil, .confirmations(2)], .immature),
        (.immature, [.aside(rival: 1), .aside(rival: 2)], .immature),
        (.immature, [.aside(rival: 1), .aside(rival: 3)], .orphaned),
        (.accepted, [nil, .aside(rival: 3)], .stale),
        (.immature, [.unknown, nil], .immature),
    ]

    @Test(arguments: cases)
    func follow(before: BlockState, depths: [BlockWatch.Depth?], after: BlockState) async throws {
        let folder = try TemporaryFolder()
        let ledger = try Ledger(LedgerSettings(dataFolder: folder.path))
        try ledger.recordBlock(
            FoundBlock(
                chain: Ledger.parentChain,
                height: 7,
                hash: "h",
                worker: nil,
                time: UnixTime.now().milliseconds,
                state: before,
                reward: 1,
                networkWeight: 1
            )
        )
        let book = LedgerBook(ledger: ledger)
        let follower = BlockFollower(nodes: depths.map { ScriptedNode([.ambiguous], depth: $0) }, book: book)
        // Chance says who is asked first: each is, in so many looks.
        for _ in 1...8 {
            await follower.look()
            await book.rest()
            #expect(try ledger.blocks().first?.state == after)
        }
        try ledger.close()
    }
}
