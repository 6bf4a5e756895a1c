import Accounting
import Synchronization

/// The blocks a run of `poold dev` has seen accepted, by chain.
final class BlockTally: Sendable {
    private let blocks = Mutex<[FoundBlock]>([])

    /// Takes a block and says how many its chain has now.
    func add(_ block: FoundBlock) -> Int {
        blocks.withLock { blocks in
            blocks.append(block)
            return blocks.count { $0.chain == block.chain }
        }
    }

    /// All from the `first`-th on.
    func since(_ first: Int) -> [FoundBlock] {
        blocks.withLock { Array($0.dropFirst(first)) }
    }

    func count(_ chain: String) -> Int { blocks.withLock { $0.count { $0.chain == chain } } }
    func last(_ chain: String) -> FoundBlock? { blocks.withLock { $0.last { $0.chain == chain } } }
}
